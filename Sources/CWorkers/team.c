// Helpers wait for a run: they spin for a while, as runs often follow each other within
// microseconds, then sleep. A run does not wait for helpers that sleep: whoever comes while it is
// open takes part, and it closes when its chunks are gone.
//
// Everyone begins with a lane of chunks of its own, the same in each run of so many, then helps the
// others: so what a chunk wrote is mostly still in the cache of who needs it next, and few meet at
// one counter.
#include "cworkers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/// Looks at a variable before a helper sleeps, some 250 µs: as long as an algorithm may be busy alone
/// between two loops, as to wake a helper takes 50; and before the caller lets others run.
enum { patience = 5000, short_patience = 1000 };

/// The gate of an open run; the bits below count the helpers inside.
#define OPEN (1u << 31)

/// The chunks that one thread begins with; alone in its cache lines, as all of a team look at it.
struct lane {
  _Alignas(128) atomic_size_t next;
  size_t end;
};

struct member {
  struct mw_team *team;
  pthread_t thread;
  /// The number of its lane.
  int lane;
};

struct mw_team {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  /// Runs begun so far, and whether the helpers shall end.
  _Alignas(128) atomic_uint runs;
  atomic_bool ended;
  atomic_uint sleepers;
  /// Whether a run is under way.
  atomic_bool taken;
  atomic_uint gate;
  /// What is read during a run only.
  _Alignas(128) void (*body)(void *, size_t);
  void *context;
  /// How many helpers there may be, and are: the first run starts them.
  int wanted, helpers;
  /// The caller's lane, then the helpers'.
  struct lane *lanes;
  struct member members[];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static void work(struct mw_team *team, int own) {
  int lanes = team->helpers + 1;
  for (int i = 0; i < lanes; i++) {
    struct lane *lane = &team->lanes[(own + i) % lanes];
    // A look first: who comes late does not take the line away from who is at work.
    while (atomic_load_explicit(&lane->next, memory_order_relaxed) < lane->end) {
      size_t chunk = atomic_fetch_add_explicit(&lane->next, 1, memory_order_relaxed);
      if (chunk < lane->end) team->body(team->context, chunk);
    }
  }
}

/// Goes through the gate; 0: the run is over.
static int enter(struct mw_team *team) {
  unsigned gate = atomic_load(&team->gate);
  while (gate & OPEN) {
    if (atomic_compare_exchange_weak(&team->gate, &gate, gate + 1)) return 1;
  }
  return 0;
}

/// Waits until another run begins, or the team ends.
static void wait_for_run(struct mw_team *team, unsigned seen) {
  for (int look = 0; look < patience; look++) {
    if (atomic_load(&team->runs) != seen) return;
    pause_briefly();
  }
  pthread_mutex_lock(&team->lock);
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(&team->runs) == seen) pthread_cond_wait(&team->wake, &team->lock);
  atomic_fetch_sub(&team->sleepers, 1);
  pthread_mutex_unlock(&team->lock);
}

static void *help(void *argument) {
  struct member *member = argument;
  struct mw_team *team = member->team;
  unsigned seen = 0;
  for (;;) {
    wait_for_run(team, seen);
    seen = atomic_load(&team->runs);
    if (atomic_load(&team->ended)) return NULL;
    if (!enter(team)) continue;
    work(team, member->lane);
    atomic_fetch_sub(&team->gate, 1);
  }
}

/// Lets the helpers know that something has changed.
static void call_helpers(struct mw_team *team) {
  atomic_fetch_add(&team->runs, 1);
  if (atomic_load(&team->sleepers) == 0) return;
  pthread_mutex_lock(&team->lock);
  pthread_cond_broadcast(&team->wake);
  pthread_mutex_unlock(&team->lock);
}

/// Zeros in cache lines of their own; NULL: no memory.
static void *lines(size_t bytes) {
  void *memory = aligned_alloc(128, (bytes + 127) / 128 * 128);
  if (memory != NULL) memset(memory, 0, bytes);
  return memory;
}

struct mw_team *mw_team_make(int helpers) {
  size_t most = helpers < 0 ? 0 : (size_t)helpers;
  struct mw_team *team = lines(sizeof *team + most * sizeof team->members[0]);
  if (team == NULL) return NULL;
  team->lanes = lines((most + 1) * sizeof team->lanes[0]);
  if (team->lanes == NULL) {
    free(team);
    return NULL;
  }
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->wake, NULL);
  team->wanted = (int)most;
  return team;
}

/// Starts the helpers; where the system gives no more threads, those that there are have to do.
static void start(struct mw_team *team) {
  while (team->helpers < team->wanted) {
    struct member *member = &team->members[team->helpers];
    *member = (struct member){.team = team, .lane = team->helpers + 1};
    if (pthread_create(&member->thread, NULL, help, member) != 0) break;
    team->helpers++;
  }
  team->wanted = team->helpers;
}

void mw_team_free(struct mw_team *team) {
  atomic_store(&team->ended, 1);
  call_helpers(team);
  for (int i = 0; i < team->helpers; i++) pthread_join(team->members[i].thread, NULL);
  pthread_cond_destroy(&team->wake);
  pthread_mutex_destroy(&team->lock);
  free(team->lanes);
  free(team);
}

void mw_team_run(struct mw_team *team, size_t chunks, void (*body)(void *, size_t), void *context) {
  if (chunks < 2 || atomic_exchange(&team->taken, 1)) {
    for (size_t chunk = 0; chunk < chunks; chunk++) body(context, chunk);
    return;
  }
  start(team);
  size_t lanes = (size_t)team->helpers + 1;
  for (size_t lane = 0; lane < lanes; lane++) {
    atomic_store_explicit(&team->lanes[lane].next, chunks * lane / lanes, memory_order_relaxed);
    team->lanes[lane].end = chunks * (lane + 1) / lanes;
  }
  team->body = body;
  team->context = context;
  atomic_store(&team->gate, OPEN);
  call_helpers(team);
  work(team, 0);
  atomic_fetch_and(&team->gate, ~OPEN);
  for (int look = 0; atomic_load(&team->gate) != 0; look++) {
    if (look < short_patience) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  atomic_store(&team->taken, 0);
}
