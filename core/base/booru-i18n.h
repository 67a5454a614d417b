/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_i18n_init:
 *
 * Takes over the user's language and character set. Numbers stay as C writes them, as they go into
 * JSON and SQL. First thing in main(): not safe once there are threads.
 */
void booru_i18n_init (void);

/**
 * booru_i18n_set_language:
 * @language: (nullable): one of booru_i18n_get_languages(); %NULL or "en": texts as they are in the
 *   source
 *
 * Changes the language of the process's texts, whatever its locale, for a process that serves
 * people of several languages: one after another, in its main thread. Cheap if it stays the same.
 */
void booru_i18n_set_language (const char *language);

/**
 * booru_i18n_get_language:
 *
 * Returns: (transfer none): what booru_i18n_set_language() was last told; "en" before
 */
const char *booru_i18n_get_language (void);

/**
 * booru_i18n_get_languages:
 *
 * Returns: (transfer none) (array zero-terminated=1): the codes of all languages that the texts are
 *   in, such as "de" or "zh_CN"; "en" first
 */
const char *const *booru_i18n_get_languages (void);

/**
 * booru_i18n_choose_language:
 * @accepted: (nullable): an HTTP header Accept-Language: "de-AT,de;q=0.9,en;q=0.5"
 *
 * Returns: (transfer none): the language that fits it best (RFC 4647, lookup); "en" if none does
 */
const char *booru_i18n_choose_language (const char *accepted);

/**
 * booru_i18n_translate:
 * @text: a text in English that stands in a catalogue
 *
 * Returns: (transfer none): it in the process's language; @text itself where nobody translated it
 */
const char *booru_i18n_translate (const char *text) G_GNUC_FORMAT (1);

/**
 * booru_i18n_translate_plural:
 * @one: a text in English for the number one
 * @many: the text for other numbers
 * @n: the number that it speaks of
 *
 * Returns: (transfer none): the text for @n in the process's language
 */
const char *booru_i18n_translate_plural (const char *one, const char *many, gulong n)
    G_GNUC_FORMAT (1) G_GNUC_FORMAT (2);

G_END_DECLS
