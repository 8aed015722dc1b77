// Helpers wait for a run: they spin for a while, as runs often follow each other within
// microseconds, then sleep. A run does not wait for helpers that sleep: whoever comes while it is
// open takes part, and it closes when its chunks are gone.
#include "cworkers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/// Looks at a variable before a helper sleeps: some 50 µs.
enum { patience = 1000 };

/// The gate of an open run; the bits below count the helpers inside.
#define OPEN (1u << 31)

struct mw_team {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  /// Runs begun so far, and whether the helpers shall end.
  atomic_uint runs;
  atomic_bool ended;
  atomic_uint sleepers;
  /// Whether a run is under way.
  atomic_bool taken;
  atomic_uint gate;
  /// The first chunk that nobody has taken.
  atomic_size_t next;
  size_t chunks;
  void (*body)(void *, size_t);
  void *context;
  /// How many helpers there may be, and are: the first run starts them.
  int wanted, helpers;
  pthread_t threads[];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static void work(struct mw_team *team) {
  for (;;) {
    size_t chunk = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
    if (chunk >= team->chunks) return;
    team->body(team->context, chunk);
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
  struct mw_team *team = argument;
  unsigned seen = 0;
  for (;;) {
    wait_for_run(team, seen);
    seen = atomic_load(&team->runs);
    if (atomic_load(&team->ended)) return NULL;
    if (!enter(team)) continue;
    work(team);
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

struct mw_team *mw_team_make(int helpers) {
  size_t most = helpers < 0 ? 0 : (size_t)helpers;
  struct mw_team *team = calloc(1, sizeof *team + most * sizeof team->threads[0]);
  if (team == NULL) return NULL;
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->wake, NULL);
  team->wanted = (int)most;
  return team;
}

/// Starts the helpers; where the system gives no more threads, those that there are have to do.
static void start(struct mw_team *team) {
  while (team->helpers < team->wanted) {
    if (pthread_create(&team->threads[team->helpers], NULL, help, team) != 0) break;
    team->helpers++;
  }
  team->wanted = team->helpers;
}

void mw_team_free(struct mw_team *team) {
  atomic_store(&team->ended, 1);
  call_helpers(team);
  for (int i = 0; i < team->helpers; i++) pthread_join(team->threads[i], NULL);
  pthread_cond_destroy(&team->wake);
  pthread_mutex_destroy(&team->lock);
  free(team);
}

void mw_team_run(struct mw_team *team, size_t chunks, void (*body)(void *, size_t), void *context) {
  if (chunks < 2 || atomic_exchange(&team->taken, 1)) {
    for (size_t chunk = 0; chunk < chunks; chunk++) body(context, chunk);
    return;
  }
  start(team);
  team->chunks = chunks;
  team->body = body;
  team->context = context;
  atomic_store(&team->next, 0);
  atomic_store(&team->gate, OPEN);
  call_helpers(team);
  work(team);
  atomic_fetch_and(&team->gate, ~OPEN);
  for (int look = 0; atomic_load(&team->gate) != 0; look++) {
    if (look < patience) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  atomic_store(&team->taken, 0);
}
