#pragma once
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <string.h>

/* explicit_bzero as a plain function: zeroes memory in a way that no compiler removes. */
static inline void csecp256k1_zero(void *memory, size_t count) { explicit_bzero(memory, count); }

/* The flags are macros with casts, which Swift does not import. */
static const unsigned int csecp256k1_context_flags =
    SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY;
static const unsigned int csecp256k1_uncompressed = SECP256K1_EC_UNCOMPRESSED;
