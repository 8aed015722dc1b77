// A team of threads that share out the chunks of a loop.
//
// Which thread takes which chunk is not repeatable. A loop whose chunks write to different places,
// each a function of its number alone, gives the same bits with any number of threads.
#ifndef CWORKERS_H
#define CWORKERS_H
#include <stddef.h>

struct mw_team;

/// A team of the calling thread and `helpers` more, which the first run starts; they may come out as
/// fewer where the system gives no more. NULL: no memory.
struct mw_team *mw_team_make(int helpers);
/// Ends the helpers. No run may be under way.
void mw_team_free(struct mw_team *team);
/// Calls `body(context, chunk)` once for every chunk below `chunks` and returns when all are done.
///
/// While the team is at work for another caller, or for the body itself, the calling thread does all
/// chunks alone.
void mw_team_run(struct mw_team *team, size_t chunks, void (*body)(void *context, size_t chunk),
                 void *context);

#endif
