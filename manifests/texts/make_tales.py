"""Writes tales.txt: short tales in plain English, made by a grammar; one tale a line.

A tale keeps to a hero, whose place, tool, work and pronoun come back sentences later, so that the next
word often depends on one far before it, while words such as "the" and "." stand everywhere. Heroes,
things and sentences are drawn with weights 1, 1/2, 1/3, …, as words of natural texts are. The text is
in the public domain (CC0). The numbers come from a generator written out below, so every version of
Python writes the same bytes.

    python3 make_tales.py > tales.txt
"""

import sys

TALES = 900

HEROES = """
farmer he field plough grow corn;       weaver she mill loom weave cloth;       fisher he river net catch trout
baker she kitchen oven bake bread;      smith he forge hammer forge swords;     widow she cottage needle mend coats
sailor he harbour rope haul sails;      queen she palace crown write laws;      monk he abbey quill copy books
shepherd he hill staff guard sheep;     potter she yard wheel turn bowls;       hunter he forest bow chase deer
miller he stream stone grind flour;     nurse she village lamp bring herbs;     judge he court seal read letters
gardener she orchard spade plant trees; miner he mountain pick dig silver;      painter she tower brush paint walls
cooper he cellar saw build barrels;     singer she square harp sing songs;      tailor he market scissors sew shirts
brewer she barn kettle brew ale;        mason he bridge chisel carve stones;    teacher she school chalk teach children
carter he road whip drive horses;       maid she well bucket carry water;       king he castle sword win wars
beekeeper she meadow smoke gather honey
"""
ANIMALS = "fox wolf crow hare bear hawk goose cat dog mouse frog snake goat swan badger hen".split()
TRAITS = "tall young poor clever proud quiet kind lazy brave tired plain greedy lonely careful merry blind".split()
TIMES = """one morning;in the spring;at night;in the winter;on the third day;after the rain;before dawn;
in the autumn;when the snow fell;at noon;in a dry year;when the moon was full""".replace("\n", "").split(";")
FEELINGS = "glad sad angry afraid ashamed content hungry grateful surprised silent".split()
SAYINGS = """who asks too much will lose the rest;a small gift is worth more than a large promise;
what is lost at night is found in the morning;patience is the best {tool};
nobody can {work} for another;the {animal} knows its own road;a {trait} heart needs no gold;
those who {work} together eat together""".replace("\n", "").split(";")

OPENINGS = [
    "{time} a {trait} {hero} lived near the {place} and knew how to {work} {goods} .",
    "there was once a {trait} {hero} who had nothing but a {tool} .",
    "{time} the {hero} went to the {place} with a {tool} .",
    "long ago , in a {place} , a {hero} and a {animal} were friends .",
    "every year the {hero} of the {place} had to {work} {goods} for the {other} .",
]
MIDDLES = [
    "{time} {they} took the {tool} and began to {work} {goods} .",
    "the {animal} watched the {hero} from the {place} .",
    "{they} said to the {animal} , \" help me {work} the {goods} . \"",
    "the {animal} answered , \" i cannot {work} , but i can keep {their} {tool} . \"",
    "but the {tool} was broken , and the {hero} was {feeling} .",
    "then the {other} came to the {place} and asked for {goods} .",
    "\" give me half of the {goods} , \" said the {other} , \" and i will mend the {tool} . \"",
    "the {hero} gave {goods} to the {other} , and {othergoods} came back to the {place} .",
    "{they} looked for the {tool} in the {otherplace} , but it was not there .",
    "when the {other} had left the {otherplace} , {they} was {feeling} .",
    "the {animal} stole the {goods} and ran to the {otherplace} .",
    "all day {they} could hear the {animal} in the {place} .",
    "the {other} lost {other_their} {othertool} , and the {hero} found it near the {place} .",
    "{time} the {animal} brought the {othertool} back to the {other} .",
]
ENDINGS = [
    "so the {hero} was {feeling} , and the {animal} went home .",
    "from that day the {hero} and the {other} shared the {place} .",
    "and {they} never left the {place} without {their} {tool} again .",
    "the {hero} learned that {saying} .",
    "that is why people in the {place} say that {saying} .",
]


class Generator:
    """The minimal standard generator of Park and Miller, doi:10.1145/63039.63042."""

    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = self.state * 48271 % 2147483647
        return self.state * count // 2147483647

    def harmonic(self, items):
        """An item; the k-th with a weight of 1/k, in units of 1/5040."""
        weights = [5040 // (k + 1) for k in range(len(items))]
        rest = self.below(sum(weights))
        for item, weight in zip(items, weights):
            if rest < weight:
                return item
            rest -= weight


def tale(draw, heroes):
    hero = draw.harmonic(heroes)
    other = draw.harmonic([h for h in heroes if h is not hero])
    words = dict(zip(["hero", "they", "place", "tool", "work", "goods"], hero))
    words |= dict(zip(["other", "_", "otherplace", "othertool", "_", "othergoods"], other))
    words["their"] = {"he": "his", "she": "her"}[hero[1]]
    words["other_their"] = {"he": "his", "she": "her"}[other[1]]
    words["animal"] = draw.harmonic(ANIMALS)
    sentences = [draw.harmonic(OPENINGS)]
    sentences += [draw.harmonic(MIDDLES) for _ in range(1 + draw.below(4))]
    sentences.append(draw.harmonic(ENDINGS))
    text = []
    for sentence in sentences:
        words["trait"], words["time"] = draw.harmonic(TRAITS), draw.harmonic(TIMES)
        words["feeling"] = draw.harmonic(FEELINGS)
        words["saying"] = draw.harmonic(SAYINGS).format(**words)
        text.append(sentence.format(**words))
    return " ".join(text)


def main():
    heroes = [h.split() for h in HEROES.strip().replace("\n", ";").split(";")]
    draw = Generator(20230525)
    sys.stdout.write("".join(tale(draw, heroes) + "\n" for _ in range(TALES)))


if __name__ == "__main__":
    main()
