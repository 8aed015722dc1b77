#ifndef MECHANICS_TRANSFER_H
#define MECHANICS_TRANSFER_H

// The system's libcurl, loaded when the first transfer is made and not at the program's start, which
// its thirty libraries would slow down by 15 ms. Swift cannot call functions with variable
// arguments, so options are set by type.

#include <curl/curl.h>
#include <stdbool.h>

/// Loads the library; false where it is not there. To be called first, from one thread at a time.
bool transfer_load(void);

/// What the loaded library calls itself, such as "libcurl/7.88.1 OpenSSL/3.0".
const char *transfer_library(void);

CURL *transfer_new(void);
void transfer_reset(CURL *transfer);
void transfer_set_number(CURL *transfer, CURLoption option, long value);
void transfer_set_size(CURL *transfer, CURLoption option, curl_off_t value);
/// Texts are copied.
void transfer_set_text(CURL *transfer, CURLoption option, const char *value);
void transfer_set_pointer(CURL *transfer, CURLoption option, const void *value);
typedef size_t (*transfer_callback)(char *bytes, size_t size, size_t count, void *context);
void transfer_set_callback(CURL *transfer, CURLoption option, transfer_callback callback);
struct curl_slist *transfer_add_header(struct curl_slist *headers, const char *line);
void transfer_free_headers(struct curl_slist *headers);

/// The status of the response; 0 where there is none.
long transfer_status(CURL *transfer);
/// What was set as CURLOPT_PRIVATE.
void *transfer_context(CURL *transfer);
const char *transfer_problem(CURLcode code);

CURLM *transfers_new(void);
void transfers_set_number(CURLM *transfers, CURLMoption option, long value);
void transfers_add(CURLM *transfers, CURL *transfer);
void transfers_remove(CURLM *transfers, CURL *transfer);
/// Moves all of them on; waits up to so many milliseconds where nothing can be moved.
void transfers_step(CURLM *transfers, int milliseconds);
/// A transfer that has ended, and how; NULL where none has.
CURL *transfers_next_ended(CURLM *transfers, CURLcode *code);
/// Ends the waiting of `transfers_step` in another thread.
void transfers_wake(CURLM *transfers);

#endif
