#pragma once
#include <mongoc/mongoc.h>
#include <stdlib.h>

// `bson_t` and `bson_iter_t` are aligned to 128 bytes, which Swift does not import by value. What
// needs one of them on the stack or in place is done here; everything else is called directly.

/// One element of a document, without an iterator. `data` points into the document.
typedef struct {
  bson_type_t type;
  /// The value of an int32, int64, bool or date.
  int64_t integer;
  /// The bytes of a text or a binary; the whole BSON of a document or an array.
  const uint8_t *data;
  uint32_t length;
  /// Its key, which ends with a zero byte; points into the document.
  const char *key;
} mongostore_element_t;

static inline mongostore_element_t mongostore_element(const bson_iter_t *iterator) {
  mongostore_element_t element = {bson_iter_type(iterator), 0, NULL, 0,
                                  bson_iter_key(iterator)};
  bson_subtype_t subtype;
  switch (element.type) {
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
    case BSON_TYPE_BOOL:
      element.integer = bson_iter_as_int64(iterator);
      break;
    case BSON_TYPE_DATE_TIME:
      element.integer = bson_iter_date_time(iterator);
      break;
    case BSON_TYPE_UTF8:
      element.data = (const uint8_t *)bson_iter_utf8(iterator, &element.length);
      break;
    case BSON_TYPE_BINARY:
      bson_iter_binary(iterator, &subtype, &element.length, &element.data);
      break;
    case BSON_TYPE_DOCUMENT:
      bson_iter_document(iterator, &element.length, &element.data);
      break;
    case BSON_TYPE_ARRAY:
      bson_iter_array(iterator, &element.length, &element.data);
      break;
    default:
      break;
  }
  return element;
}

/// Finds an element by its key; false when there is none or the bytes before it are not BSON.
static inline bool mongostore_find(const uint8_t *document, size_t length, const char *key,
                                   int key_length, mongostore_element_t *element) {
  bson_iter_t iterator;
  if (!bson_iter_init_from_data(&iterator, document, length)) return false;
  if (!bson_iter_find_w_len(&iterator, key, key_length)) return false;
  *element = mongostore_element(&iterator);
  return true;
}

/// Copies up to `capacity` elements in order; answers how many there are, or -1 when the bytes are
/// not BSON.
static inline int64_t mongostore_elements(const uint8_t *document, size_t length,
                                          mongostore_element_t *elements, size_t capacity) {
  bson_iter_t iterator;
  size_t count = 0;
  if (!bson_iter_init_from_data(&iterator, document, length)) return -1;
  while (bson_iter_next(&iterator)) {
    if (count < capacity) elements[count] = mongostore_element(&iterator);
    count++;
  }
  return iterator.err_off ? -1 : (int64_t)count;
}

/// The size of a document in bytes.
static inline size_t mongostore_length(const bson_t *document) { return document->len; }

/// Room for a reply that a function of libmongoc initialises; freed with `mongostore_reply_free`.
static inline bson_t *mongostore_reply_new(void) {
  bson_t *reply = aligned_alloc(_Alignof(bson_t), sizeof(bson_t));
  if (!reply) abort();
  bson_init(reply);
  return reply;
}

static inline void mongostore_reply_free(bson_t *reply) {
  bson_destroy(reply);
  free(reply);
}
