import ArgumentParser

@main
struct Mechanics: ParsableCommand {}
