/*
 * A PKCS#11 module before another one, which makes it strange in the ways that the environment says:
 *   STRANGE_MODULE      the real module
 *   STRANGE_SLOW        "C_Login=3000,C_GetSlotList=200": milliseconds before a function
 *   STRANGE_FAIL        "C_Login=160": what a function answers instead of working
 *   STRANGE_CRASH       "C_Sign=1": a function that ends the process
 *   STRANGE_LOG         a file that gets the name of each function that is called
 *   STRANGE_MECHANISMS  "0x40,0x1044": the only ones that are listed and work; 0x1044 is made of others
 *   STRANGE_BROKEN      "0x40": mechanisms that are listed, and whose C_Sign fails
 *   STRANGE_DER         ECDSA signatures come as DER
 *   STRANGE_BARE        EC points come without their OCTET STRING
 *   STRANGE_NO_ID       certificates have no CKA_ID
 *   STRANGE_PADDED      labels of certificates are padded with zeros
 *   STRANGE_OBJECTS     "10000": so many certificates more
 *   STRANGE_GARBAGE     "10000000": their size in octets; default 0
 *   STRANGE_FLAGS       "0x20000": flags that every token has
 *   STRANGE_KEYPAD_PIN  what is typed at the keypad
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define CK_PTR *
#define CK_DEFINE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType(*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType(*name)
#define NULL_PTR 0
#include "pkcs11.h"

#define FIRST_FAKE 0x70000000UL
#define MOST_SESSIONS 256

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST mine;
static struct {
  CK_SESSION_HANDLE session;
  CK_MECHANISM_TYPE mechanism;
  CK_OBJECT_HANDLE key;
  unsigned long fakesLeft;
} states[MOST_SESSIONS];

static unsigned long numberFor(const char *list, const char *name) {
  const char *at = list == NULL ? NULL : strstr(list, name);
  return at == NULL || at[strlen(name)] != '=' ? 0 : strtoul(at + strlen(name) + 1, NULL, 0);
}

static int isListed(const char *list, unsigned long number) {
  while (list != NULL && *list != '\0') {
    char *end;
    if (strtoul(list, &end, 0) == number) return 1;
    list = *end == ',' ? end + 1 : end;
  }
  return 0;
}

static unsigned long setting(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : strtoul(text, NULL, 0);
}

static CK_RV enter(const char *name) {
  const char *log = getenv("STRANGE_LOG");
  if (log != NULL) {
    FILE *file = fopen(log, "a");
    fprintf(file, "%s\n", name);
    fclose(file);
  }
  if (numberFor(getenv("STRANGE_CRASH"), name) != 0) abort();
  usleep(1000 * numberFor(getenv("STRANGE_SLOW"), name));
  return numberFor(getenv("STRANGE_FAIL"), name);
}
#define ENTER(name) { CK_RV entered = enter(name); if (entered != CKR_OK) return entered; }

static int stateOf(CK_SESSION_HANDLE session) {
  int index = session % MOST_SESSIONS;
  states[index].session = session;
  return index;
}

static CK_RV initialize(CK_VOID_PTR options) { ENTER("C_Initialize") return real->C_Initialize(options); }
static CK_RV finalize(CK_VOID_PTR reserved) { ENTER("C_Finalize") return real->C_Finalize(reserved); }
static CK_RV getSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  ENTER("C_GetSlotList") return real->C_GetSlotList(present, slots, count);
}
static CK_RV getTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  ENTER("C_GetTokenInfo")
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  info->flags |= setting("STRANGE_FLAGS");
  return rv;
}
static CK_RV getMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  ENTER("C_GetMechanismList")
  const char *text = getenv("STRANGE_MECHANISMS");
  if (text == NULL) return real->C_GetMechanismList(slot, list, count);
  *count = 0;
  while (*text != '\0') {
    char *end;
    unsigned long number = strtoul(text, &end, 0);
    if (list != NULL) list[*count] = number;
    *count += 1;
    text = *end == ',' ? end + 1 : end;
  }
  return CKR_OK;
}
static CK_RV openSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  ENTER("C_OpenSession") return real->C_OpenSession(slot, flags, app, notify, session);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  ENTER("C_Login")
  char *typed = getenv("STRANGE_KEYPAD_PIN");
  if (length == 0 && typed != NULL) return real->C_Login(session, user, (CK_UTF8CHAR_PTR)typed, strlen(typed));
  return real->C_Login(session, user, pin, length);
}
static CK_RV findObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  ENTER("C_FindObjectsInit")
  int isForCertificates = 0, hasName = 0;
  for (CK_ULONG index = 0; index < count; index += 1) {
    if (template[index].type == CKA_CLASS) isForCertificates = *(CK_OBJECT_CLASS *)template[index].pValue == CKO_CERTIFICATE;
    if (template[index].type == CKA_ID || template[index].type == CKA_LABEL) hasName = 1;
  }
  states[stateOf(session)].fakesLeft = isForCertificates && !hasName ? setting("STRANGE_OBJECTS") : 0;
  return real->C_FindObjectsInit(session, template, count);
}
static CK_RV findObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG most, CK_ULONG_PTR count) {
  ENTER("C_FindObjects")
  CK_RV rv = real->C_FindObjects(session, objects, most, count);
  unsigned long *left = &states[stateOf(session)].fakesLeft;
  while (rv == CKR_OK && *count < most && *left > 0) {
    objects[*count] = FIRST_FAKE + *left;
    *left -= 1;
    *count += 1;
  }
  return rv;
}

static CK_RV fakeAttribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attribute) {
  char label[32];
  unsigned long length = attribute->type == CKA_VALUE ? setting("STRANGE_GARBAGE")
    : attribute->type == CKA_LABEL ? (unsigned long)sprintf(label, "fake %lu", object - FIRST_FAKE) : 0;
  if (attribute->pValue != NULL && attribute->type == CKA_VALUE) memset(attribute->pValue, 0x30, length);
  if (attribute->pValue != NULL && attribute->type == CKA_LABEL) memcpy(attribute->pValue, label, length);
  attribute->ulValueLen = length;
  return CKR_OK;
}
static CK_OBJECT_CLASS classOf(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_OBJECT_CLASS class = 0;
  CK_ATTRIBUTE query = { CKA_CLASS, &class, sizeof(class) };
  real->C_GetAttributeValue(session, object, &query, 1);
  return class;
}
/* One attribute at a time, as this project asks. */
static CK_RV getAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attribute, CK_ULONG count) {
  ENTER("C_GetAttributeValue")
  if (object >= FIRST_FAKE) return fakeAttribute(object, attribute);
  int isCertificate = classOf(session, object) == CKO_CERTIFICATE;
  if (attribute->type == CKA_ID && getenv("STRANGE_NO_ID") != NULL && isCertificate) {
    attribute->ulValueLen = (CK_ULONG)-1;
    return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  unsigned char *value = attribute->pValue;
  int isPadded = attribute->type == CKA_LABEL && getenv("STRANGE_PADDED") != NULL && isCertificate;
  if (isPadded && value != NULL) memset(value, 0, attribute->ulValueLen);
  CK_RV rv = real->C_GetAttributeValue(session, object, attribute, count);
  if (isPadded && rv == CKR_OK) attribute->ulValueLen = 64;
  if (rv == CKR_OK && value != NULL && attribute->type == CKA_EC_POINT && getenv("STRANGE_BARE") != NULL) {
    int header = value[1] < 0x80 ? 2 : 3;
    attribute->ulValueLen -= header;
    memmove(value, value + header, attribute->ulValueLen);
  }
  return rv;
}

static CK_RV signInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  ENTER("C_SignInit")
  const char *list = getenv("STRANGE_MECHANISMS");
  if (list != NULL && !isListed(list, mechanism->mechanism)) return CKR_MECHANISM_INVALID;
  int index = stateOf(session);
  states[index].mechanism = mechanism->mechanism;
  states[index].key = key;
  return mechanism->mechanism == CKM_ECDSA_SHA256 ? CKR_OK : real->C_SignInit(session, mechanism, key);
}
static CK_ULONG derInteger(unsigned char *to, const unsigned char *from, CK_ULONG length) {
  while (length > 1 && *from == 0) from += 1, length -= 1;
  int sign = *from >> 7;
  to[0] = 2, to[1] = length + sign, to[2] = 0;
  memcpy(to + 2 + sign, from, length);
  return 2 + sign + length;
}
static void toDer(CK_BYTE_PTR signature, CK_ULONG_PTR length) {
  unsigned char content[160];
  CK_ULONG half = *length / 2, filled = derInteger(content, signature, half);
  filled += derInteger(content + filled, signature + half, half);
  CK_ULONG header = filled < 0x80 ? 2 : 3;
  signature[0] = 0x30, signature[1] = header == 2 ? filled : 0x81, signature[2] = filled;
  memcpy(signature + header, content, filled);
  *length = header + filled;
}
static CK_RV hashAndSignInit(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, unsigned char *digest) {
  CK_MECHANISM sha256 = { CKM_SHA256, NULL, 0 }, ecdsa = { CKM_ECDSA, NULL, 0 };
  CK_ULONG digestLength = 32;
  CK_RV rv = real->C_DigestInit(session, &sha256);
  if (rv == CKR_OK) rv = real->C_Digest(session, data, length, digest, &digestLength);
  return rv == CKR_OK ? real->C_SignInit(session, &ecdsa, states[stateOf(session)].key) : rv;
}
static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR signatureLength) {
  ENTER("C_Sign")
  unsigned char digest[32];
  CK_MECHANISM_TYPE mechanism = states[stateOf(session)].mechanism;
  if (mechanism == CKM_ECDSA_SHA256) {
    CK_RV rv = hashAndSignInit(session, data, length, digest);
    if (rv != CKR_OK) return rv;
    data = digest, length = sizeof(digest);
  }
  CK_RV rv = real->C_Sign(session, data, length, signature, signatureLength);
  if (isListed(getenv("STRANGE_BROKEN"), mechanism)) return CKR_FUNCTION_FAILED;
  int isEcdsa = mechanism == CKM_ECDSA || mechanism == CKM_ECDSA_SHA256;
  if (rv == CKR_OK && isEcdsa && getenv("STRANGE_DER") != NULL) toDer(signature, signatureLength);
  return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *library = dlopen(getenv("STRANGE_MODULE"), RTLD_NOW);
  CK_C_GetFunctionList find = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (find == NULL || find(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  mine = *real;
  mine.C_Initialize = initialize;
  mine.C_Finalize = finalize;
  mine.C_GetFunctionList = C_GetFunctionList;
  mine.C_GetSlotList = getSlotList;
  mine.C_GetTokenInfo = getTokenInfo;
  mine.C_GetMechanismList = getMechanismList;
  mine.C_OpenSession = openSession;
  mine.C_Login = login;
  mine.C_FindObjectsInit = findObjectsInit;
  mine.C_FindObjects = findObjects;
  mine.C_GetAttributeValue = getAttributeValue;
  mine.C_SignInit = signInit;
  mine.C_Sign = sign;
  *list = &mine;
  return CKR_OK;
}
