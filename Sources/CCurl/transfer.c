#include "transfer.h"

#include <dlfcn.h>
#include <stddef.h>

// The functions of libcurl that are used, once with their types from its header.
#define FUNCTIONS(each)                                                                            \
  each(curl_global_init) each(curl_version) each(curl_easy_init) each(curl_easy_reset)             \
      each(curl_easy_setopt) each(curl_easy_getinfo) each(curl_easy_strerror)                      \
          each(curl_slist_append) each(curl_slist_free_all) each(curl_multi_init)                  \
              each(curl_multi_setopt) each(curl_multi_add_handle) each(curl_multi_remove_handle)   \
                  each(curl_multi_perform) each(curl_multi_poll) each(curl_multi_info_read)        \
                      each(curl_multi_wakeup)

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define DECLARE(name) static __typeof__(&name) p_##name;
FUNCTIONS(DECLARE)

bool transfer_load(void) {
  static bool loaded = false;
  if (loaded) return true;
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return false;
#define FIND(name)                                                                                 \
  if ((p_##name = (__typeof__(&name))dlsym(library, #name)) == NULL) return false;
  FUNCTIONS(FIND)
  loaded = p_curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return loaded;
}

const char *transfer_library(void) { return p_curl_version(); }

CURL *transfer_new(void) { return p_curl_easy_init(); }
void transfer_reset(CURL *transfer) { p_curl_easy_reset(transfer); }

void transfer_set_number(CURL *transfer, CURLoption option, long value) {
  p_curl_easy_setopt(transfer, option, value);
}

void transfer_set_size(CURL *transfer, CURLoption option, curl_off_t value) {
  p_curl_easy_setopt(transfer, option, value);
}

void transfer_set_text(CURL *transfer, CURLoption option, const char *value) {
  p_curl_easy_setopt(transfer, option, value);
}

void transfer_set_pointer(CURL *transfer, CURLoption option, const void *value) {
  p_curl_easy_setopt(transfer, option, value);
}

void transfer_set_callback(CURL *transfer, CURLoption option, transfer_callback callback) {
  p_curl_easy_setopt(transfer, option, callback);
}

struct curl_slist *transfer_add_header(struct curl_slist *headers, const char *line) {
  return p_curl_slist_append(headers, line);
}

void transfer_free_headers(struct curl_slist *headers) { p_curl_slist_free_all(headers); }

long transfer_status(CURL *transfer) {
  long status = 0;
  p_curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

void *transfer_context(CURL *transfer) {
  char *context = NULL;
  p_curl_easy_getinfo(transfer, CURLINFO_PRIVATE, &context);
  return context;
}

const char *transfer_problem(CURLcode code) { return p_curl_easy_strerror(code); }

CURLM *transfers_new(void) { return p_curl_multi_init(); }

void transfers_set_number(CURLM *transfers, CURLMoption option, long value) {
  p_curl_multi_setopt(transfers, option, value);
}

void transfers_add(CURLM *transfers, CURL *transfer) {
  p_curl_multi_add_handle(transfers, transfer);
}

void transfers_remove(CURLM *transfers, CURL *transfer) {
  p_curl_multi_remove_handle(transfers, transfer);
}

void transfers_step(CURLM *transfers, int milliseconds) {
  int running = 0;
  p_curl_multi_poll(transfers, NULL, 0, milliseconds, NULL);
  p_curl_multi_perform(transfers, &running);
}

CURL *transfers_next_ended(CURLM *transfers, CURLcode *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = p_curl_multi_info_read(transfers, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

void transfers_wake(CURLM *transfers) { p_curl_multi_wakeup(transfers); }
