/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search language: each text and the canonical text of what it means. */
#include <booru.h>

#include <string.h>

#include "board/query/booru-query-ast.h"

#define NOTHING ")"
#define MD5 "0123456789abcdef0123456789abcdef"

typedef struct
{
  const char *text, *canonical;
} Case;

static const Case terms[] = {
  { "", "" },
  { "  \t\n ", "" },
  { "a", "a" },
  { "A", "a" },
  { " a ", "a" },
  { "a b", "a b" },
  { "b a", "a b" },
  { "a a", "a" },
  { "Blue__Sky_", "blue_sky" },
  { "\xc3\x89t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
  { "e\xcc\x81", "\xc3\xa9" },
  { "a\tb\nc\xc2\x85"
    "d\xe3\x80\x80"
    "e",
    "a b c d e" },
  { "-a", "-a" },
  { "- a", "-a" },
  { "a -b", "-b a" },
  { "--a", NOTHING },
  { "-~a", NOTHING },
  { "~-a", NOTHING },
  { "-", NOTHING },
  { "a -", NOTHING },
  { "~", NOTHING },
  { "a*b", "a*b" },
  { "*", "*" },
  { "a**b***", "a*b*" },
  { "A* -*B", "-*b a*" },
  { "1girl", "1girl" },
  { "...", "..." },
  { "a\\b", "a\\b" },
  { "unknown:x", "unknown:x" },
  { "re:zero", "re:zero" },
  { ":3", ":3" },
  { "a,b", NOTHING },
  { "__", NOTHING },
  { "a,b -c", NOTHING },
  { "a -b,c", "a" },
  { "artist:someone", NOTHING },
};

static const Case operators[] = {
  { "a or b", "a or b" },
  { "b OR a", "a or b" },
  { "a or b or c", "a or b or c" },
  { "a or a", "a" },
  { "a and b", "a b" },
  { "a AND b and c", "a b c" },
  { "a b or c d", "(a b) or (c d)" },
  { "a or b c", "a or (b c)" },
  { "a and b or c and d", "(a b) or (c d)" },
  { "~a ~b", "a or b" },
  { "~a", "a" },
  { "~a b", "a b" },
  { "~a b ~c", "(a or c) b" },
  { "a ~b ~c", "a (b or c)" },
  { "~a and ~b", "a b" },
  { "a ~b and ~c d", "a b c d" },
  { "~a or ~b", "a or b" },
  { "~a ~b or c", "a or b or c" },
  { "~(a b) ~c", "(a b) or c" },
  { "(~a ~b) c", "(a or b) c" },
  { "-(~a ~b)", "-(a or b)" },
  { "-(a b)", "-(a b)" },
  { "-(a or b)", "-(a or b)" },
  { "-(-a)", "a" },
  { "-(-(a b))", "a b" },
  { "a (b (c (d)))", "a b c d" },
  { "(a or (b or (c or d)))", "a or b or c or d" },
  { "a (b or c)", "a (b or c)" },
  { "(a or b) (c or d)", "(a or b) (c or d)" },
  { "a (b or (c d))", "a (b or (c d))" },
  { "(a) (b)", "a b" },
  { "(a)(b)", NOTHING },
  { "(a)or b", NOTHING },
  { "orange andes", "andes orange" },
  { "or", NOTHING },
  { "and", NOTHING },
  { "or a", NOTHING },
  { "a or", NOTHING },
  { "a and", NOTHING },
  { "a or or b", NOTHING },
  { "a and or b", NOTHING },
  { "a or and b", NOTHING },
  { "-or a", NOTHING },
  { "(or)", NOTHING },
  { "(a or)", NOTHING },
  { "a or -", NOTHING },
  { "a or b,c", "a" },
};

static const Case parentheses[] = {
  { "(a)", "a" },
  { "( ( a ) )", "a" },
  { "((a b))", "a b" },
  { "cat_(animal)", "cat_(animal)" },
  { "(cat_(animal))", "cat_(animal)" },
  { "((cat_(animal)))", "cat_(animal)" },
  { "(a cat_(animal))", "a cat_(animal)" },
  { "(cat_(animal) a)", "a cat_(animal)" },
  { "a_(b_(c))", "a_(b_(c))" },
  { "(a_(b_(c)))", "a_(b_(c))" },
  { "-(a_(b))", "-a_(b)" },
  { "~a_(b) ~c_(d)", "a_(b) or c_(d)" },
  { "*_(b)", "*_(b)" },
  { "(*_(b) a)", "*_(b) a" },
  { "(a*)", "a*" },
  { "a*)", "a*)" },
  { ":)", ":)" },
  { "(:))", ":)" },
  { "(:) a)", ":) a" },
  { "-(a : )", "-(: a)" },
  { "-(a or : )", "-(: or a)" },
  { "-(- : or -a)", "-(-: or -a)" },
  { "-(-a or ; )", "-(-a or ; )" },
  { "(:)", NOTHING },
  { "(:) >:)", NOTHING },
  { "(", NOTHING },
  { ")", NOTHING },
  { "()", NOTHING },
  { "a ()", NOTHING },
  { "(a", NOTHING },
  { "a)", NOTHING },
  { "(a b", NOTHING },
  { "(a) b)", NOTHING },
  { "a (b) )", NOTHING },
  { "((a)", NOTHING },
  { "((((((((((a", NOTHING },
  { "a_(b", NOTHING },
  { "-(a", NOTHING },
};

static const Case numbers[] = {
  { "id:5", "id:5" },
  { "ID:5", "id:5" },
  { "-id:5", "-id:5" },
  { "id:>5", "id:>=6" },
  { "id:>=5", "id:>=5" },
  { "id:<5", "id:<=4" },
  { "id:<=5", "id:<=5" },
  { "id:5..9", "id:5..9" },
  { "id:9..5", "id:5..9" },
  { "id:5...9", "id:5..8" },
  { "id:5...5", NOTHING },
  { "id:5..", "id:>=5" },
  { "id:..5", "id:<=5" },
  { "id:+5", "id:5" },
  { "score:-5", "score:-5" },
  { "score:-5..-1", "score:-5..-1" },
  { "score:<-1", "score:<=-2" },
  { "id:3,1", "id:1,3" },
  { "id:3,1,2", "id:1..3 status:any" },
  { "id:3,3", "id:3" },
  { "id:1,2,>9", "id:1..2,>=10" },
  { "id:1,5..7,6..9", "id:1,5..9" },
  { "id:\"1 2 4\"", "id:1..2,4 status:any" },
  { "id:1,,4,", "id:1,4" },
  { "score:<5,>=5", "" },
  { "id:any", "" },
  { "id:none", NOTHING },
  { "-id:any", NOTHING },
  { "id:", NOTHING },
  { "id:x", NOTHING },
  { "id:5x", NOTHING },
  { "id:5.5", NOTHING },
  { "id:0x10", NOTHING },
  { "id:>", NOTHING },
  { "id:..", NOTHING },
  { "id:...", NOTHING },
  { "id:1,x", NOTHING },
  { "id:1....5", NOTHING },
  { "id:99999999999999999999", NOTHING },
  { "id:<99999999999999999999", "" },
  { "id:>-99999999999999999999", "" },
  { "width:>=1920 height:<1080", "height:<=1079 width:>=1920" },
  { "favcount:5 tagcount:>3", "favcount:5 tagcount:>=4" },
  { "gentags:1 arttags:2 chartags:3 copytags:4 metatags:5",
    "arttags:2 chartags:3 copytags:4 gentags:1 metatags:5" },
  { "upvotes:1 downvotes:2", "downvotes:2 upvotes:1" },
  { "mpixels:>2", "mpixels:>=2.000001" },
  { "mpixels:2", "mpixels:1.900000..2.100000" },
  { "mpixels:2..4", "mpixels:2.000000..4.000000" },
  { "mpixels:nan", NOTHING },
  { "mpixels:inf", NOTHING },
  { "mpixels:1e999", NOTHING },
  { "ratio:16:9", "ratio:178/100" },
  { "ratio:16/9", "ratio:178/100" },
  { "ratio:1.78", "ratio:178/100" },
  { "ratio:>4:3", "ratio:>=134/100" },
  { "ratio:4:3..16:9", "ratio:133/100..178/100" },
  { "ratio:1:0", NOTHING },
  { "ratio:1:2:3", NOTHING },
  { "filesize:100", "filesize:100" },
  { "filesize:100b", "filesize:100" },
  { "filesize:2mb", "filesize:1992295..2202009" },
  { "filesize:2M", "filesize:1992295..2202009" },
  { "filesize:>1.5k", "filesize:>=1537" },
  { "filesize:1kb..1mb", "filesize:1024..1048576" },
  { "filesize:2q", NOTHING },
  { "filesize:-1", NOTHING },
  { "filesize:<0", NOTHING },
  { "filesize:>=0", "" },
  { "mpixels:1e300", NOTHING },
  { "mpixels:<1e300", "" },
  { "duration:<0", NOTHING },
  { "duration:>=0", "duration:any" },
  { "duration:0", "duration:0.000000..0.000000" },
  { "duration:>1m30s", "duration:>=90.000001" },
  { "duration:>=1:30", "duration:>=90.000000" },
  { "duration:<1:00:00.5", "duration:<=3600.499999" },
  { "duration:100", "duration:95.000000..105.000000" },
  { "duration:any", "duration:any" },
  { "duration:none", "duration:none" },
  { "duration:<5,>=5", "duration:any" },
  { "duration:30s1m", NOTHING },
  { "duration:5parsecs", NOTHING },
};

static const Case times[] = {
  { "date:2024-01-31", "date:2024-01-31T00:00:00.000000Z..2024-01-31T23:59:59.999999Z" },
  { "date:2024-02", "date:2024-02-01T00:00:00.000000Z..2024-02-29T23:59:59.999999Z" },
  { "date:2023", "date:2023-01-01T00:00:00.000000Z..2023-12-31T23:59:59.999999Z" },
  { "date:>=2024-01-31", "date:>=2024-01-31T00:00:00.000000Z" },
  { "date:<2024-01-31", "date:<=2024-01-30T23:59:59.999999Z" },
  { "date:2024-01-31..2024-02-01",
    "date:2024-01-31T00:00:00.000000Z..2024-02-01T00:00:00.000000Z" },
  { "date:>2024-01-31T12:30", "date:>=2024-01-31T12:30:00.000001Z" },
  { "date:>=2024-01-31T12:30:15+02:00", "date:>=2024-01-31T10:30:15.000000Z" },
  { "date:31-01-2024", "date:2024-01-31T00:00:00.000000Z..2024-01-31T23:59:59.999999Z" },
  { "date:31.1.2024", "date:2024-01-31T00:00:00.000000Z..2024-01-31T23:59:59.999999Z" },
  { "date:2024.01.31", "date:2024-01-31T00:00:00.000000Z..2024-01-31T23:59:59.999999Z" },
  { "date:2024/1/31", "date:2024-01-31T00:00:00.000000Z..2024-01-31T23:59:59.999999Z" },
  { "date:2024.01.31..1.2.2024", "date:2024-01-31T00:00:00.000000Z..2024-02-01T00:00:00.000000Z" },
  { "date:31.1", NOTHING },
  { "date:31-01-24x", NOTHING },
  { "date:2024-02-30", NOTHING },
  { "date:2024-13", NOTHING },
  { "date:0000-01-01", NOTHING },
  { "date:0999-01-01", NOTHING },
  { "date:>0999-01-01", "" },
  { "date:9998..", NOTHING },
  { "date:yesterday", NOTHING },
  { "date:2024-01-31Tx", NOTHING },
  { "date:2024-01-31T25:00", NOTHING },
  { "age:<1w", "age:<=604799.999999s" },
  { "age:>=1y", "age:>=31557600.000000s" },
  { "age:1d", "age:86400.000000s" },
  { "age:1d..2weeks", "age:86400.000000s..1209600.000000s" },
  { "age:\"<1h 30min\"", "age:<=5399.999999s" },
  { "age:>5y", "age:>=157788000.000001s" },
  { "age:>100y", NOTHING },
  { "age:<100y", "" },
  { "age:<0", NOTHING },
  { "age:soon", NOTHING },
};

static const Case words[] = {
  { "rating:s", "rating:s" },
  { "rating:Safe", "rating:s" },
  { "rating:e,q", "rating:q,e" },
  { "rating:g,s,q,e", "" },
  { "-rating:g,s,q,e", NOTHING },
  { "rating:x", NOTHING },
  { "rating:", NOTHING },
  { "md5:" MD5, "md5:" MD5 },
  { "md5:0123456789ABCDEF0123456789ABCDEF", "md5:" MD5 },
  { "md5:ffffffffffffffffffffffffffffffff," MD5, "md5:" MD5 ",ffffffffffffffffffffffffffffffff" },
  { "md5:0123", NOTHING },
  { "md5:g123456789abcdef0123456789abcdef", NOTHING },
  { "filetype:PNG,jpeg", "filetype:jpg,png" },
  { "filetype:", NOTHING },
  { "parent:5", "parent:5" },
  { "parent:any", "parent:any" },
  { "parent:NONE", "parent:none" },
  { "parent:deleted", "parent:deleted" },
  { "parent:5..6", NOTHING },
  { "parent:x", NOTHING },
  { "child:any", "child:any" },
  { "child:none", "child:none" },
  { "child:active", "child:active" },
  { "child:5", NOTHING },
  { "source:none", "source:none" },
  { "source:", "source:none" },
  { "source:\"none\"", "source:\"none\"" },
  { "source:\"foo bar\"", "source:\"foo bar\"" },
  { "source:'foo bar'", "source:\"foo bar\"" },
  { "source:foo\\ bar a", "a source:\"foo bar\"" },
  { "source:\"a \\\"b\\\"\"", "source:\"a \\\"b\\\"\"" },
  { "source:'don\\'t'", "source:\"don't\"" },
  { "source:*pixiv*", "source:\"*pixiv\"" },
  { "source:\"foo", NOTHING },
  { "source:\"foo\"bar", "bar source:\"foo\"" },
  { "(source:\"a)\" b)", "b source:\"a)\"" },
  { "(source:a)", "source:\"a\"" },
  { "(source:a_(b))", "source:\"a_(b)\"" },
  { "is:parent", "child:any" },
  { "is:child", "parent:any" },
  { "is:sfw", "rating:g,s" },
  { "is:explicit", "rating:e" },
  { "is:png", "filetype:png" },
  { "is:incomplete", "is:incomplete" },
  { "-is:RAW a", "-filetype:raw a" },
  { "is:nothing", NOTHING },
  { "has:parent", "parent:any" },
  { "has:children", "child:any" },
  { "has:source", "-source:none" },
  { "has:nothing", NOTHING },
  { "has:pools", "active_pool_count:>=1" },
  { "has:comments -has:notes", "-active_note_count:>=1 active_comment_count:>=1" },
  { "has:commentary", "commentary:any" },
  { "has:flags", NOTHING },
  { "-has:appeals a", "a" },
  { "is:safe", "rating:s" },
  { "is:banned", NOTHING },
  { "-is:pending a", "a" },
  { "status:modqueue", NOTHING },
  { "child:flagged", NOTHING },
  { "-parent:appealed", "" },
  { "newpool:5", NOTHING },
  { "-newpool:5", NOTHING },
  { "a -newpool:5", NOTHING },
  { "-(a or newpool:5)", NOTHING },
  { "-(-newpool:5)", NOTHING },
  { "a or newpool:5", "a" },
  { "a or -newpool:5", "a" },
};

/* What the store answers, and what no post of this board has. */
static const Case leaves[] = {
  { "user:somebody", "user:\"somebody\"" },
  { "user:any", "" },
  { "user:none", NOTHING },
  { "-user:x a", "-user:\"x\" a" },
  { "POOL:5", "pool:\"5\"" },
  { "pool:my_*", "pool:\"my_*\"" },
  { "pool:\"a b\"", "pool:\"a b\"" },
  { "pool:any", "pool:any" },
  { "pool:none", "-pool:any" },
  { "-pool:NONE", "pool:any" },
  { "pool:\"none\"", "pool:\"none\"" },
  { "pool:", NOTHING },
  { "a or -pool:5", "-pool:\"5\" or a" },
  { "approver:none", "-approver:any" },
  { "commenter:x", "commenter:\"x\"" },
  { "comm:x", "commenter:\"x\"" },
  { "artcomm:x", "commentaryupdater:\"x\"" },
  { "upvote:x", "upvoter:\"x\"" },
  { "downvote:x", "downvoter:\"x\"" },
  { "note:\"a b\" c", "c note:\"a b\"" },
  { "search:all", "search:\"all\"" },
  { "commentary:true", "commentary:any" },
  { "commentary:false", "-commentary:any" },
  { "commentary:translated", "commentary:translated" },
  { "commentary:\"translated\"", "commentary:\"translated\"" },
  { "exif:File:FileType=JPEG", "exif:\"File:FileType=JPEG\"" },
  { "ordpool:5", "ordpool:\"5\"" },
  { "ordpool:any", NOTHING },
  { "ordfav:x a", "a ordfav:\"x\"" },
  { "ordfavgroup:x similar:5", "ordfavgroup:\"x\" similar:5,10" },
  { "unaliased:A_b", "unaliased:\"a_b\"" },
  { "unaliased:cat", "unaliased:cat" },
  { "/LH -/b2", "-/b2 /lh" },
  { "/l_h", NOTHING },
  { "unaliased:/lh", NOTHING },
  { "unaliased:a,b", NOTHING },
  { "pixelhash:" MD5, "md5:" MD5 },
  { "md5:any", "" },
  { "pixiv_id:5", "pixiv:5" },
  { "pixiv:any", "pixiv:any" },
  { "pixiv:none", "pixiv:none" },
  { "pixiv:>=0,<0", "pixiv:any" },
  { "child_count:2", "child_count:2" },
  { "children:0", "-child_count:>=1" },
  { "deleted_children:none", "-deleted_child_count:>=1" },
  { "active_children:any", "active_child_count:>=1" },
  { "comment_count:0", "-comment_count:>=1" },
  { "comments:none", "-comment_count:>=1" },
  { "comments:any", "comment_count:>=1" },
  { "note_count:>=0", "" },
  { "-note_count:>=0", NOTHING },
  { "note_count:<0", NOTHING },
  { "pools:<3", "-pool_count:>=3" },
  { "pools:0,2,4..5", "-pool_count:1,3,>=6" },
  { "series_pools:2", "series_pool_count:2" },
  { "pools:-5..2", "-pool_count:>=3" },
  { "pools:x", NOTHING },
  { "flags:0", "" },
  { "flag_count:>0", NOTHING },
  { "-appeals:0", NOTHING },
  { "flagger:none", "" },
  { "flagger:x", NOTHING },
  { "-flagger:x", "" },
  { "disapproved:none", "" },
  { "ai:cat", NOTHING },
  { "embedded:true", NOTHING },
  { "embedded:false", "" },
  { "embedded:x", NOTHING },
};

static const Case states[] = {
  { "status:active", "status:active" },
  { "status:deleted", "status:deleted" },
  { "status:missing a", "a status:missing" },
  { "STATUS:Any a", "a status:any" },
  { "status:all", "status:any" },
  { "status:any", "status:any" },
  { "-status:deleted", "-status:deleted" },
  { "is:deleted", "status:deleted" },
  { "status:deleted,missing", "status:deleted,missing" },
  { "a or status:any", "status:any" },
  { "status:banned", NOTHING },
  { "status:nonsense", NOTHING },
  { "a -status:banned", "a" },
};

static const Case orders[] = {
  { "order:id", "order:id" },
  { "order:id_asc", "order:id" },
  { "order:id_desc", "" },
  { "ORDER:Score", "order:score" },
  { "order:score_desc a", "a order:score" },
  { "order:score_asc", "order:score_asc" },
  { "order:duration_desc", "order:duration" },
  { "order:portrait", "order:portrait" },
  { "order:portrait_desc", "" },
  { "order:rank", "order:rank" },
  { "order:rank_desc", "" },
  { "order:artcomm", "order:artcomm" },
  { "order:comm", "order:comment" },
  { "order:comment_bumped_asc", "order:comment_bumped_asc" },
  { "order:note_desc", "order:note" },
  { "order:child_count", "order:child_count" },
  { "order:children_asc", "order:child_count_asc" },
  { "order:pools_desc", "order:pool_count" },
  { "order:flags", "" },
  { "order:flag_count_asc", "order:id" },
  { "order:disapproved", "" },
  { "order:modqueue_asc", "order:created_at_asc" },
  { "order:nonsense a", "a" },
  { "order:random (a or b)", "(a or b) order:random" },
  { "order:none", "order:none" },
  { "limit:5", "limit:5" },
  { "a limit:0", "a limit:0" },
  { "limit:x", "" },
  { "limit:-1", "" },
  { "random:5", "order:random random:5" },
  { "random:5 order:score limit:3", "order:score random:5 limit:3" },
  { "random:x", "" },
  { "id:3,1 order:custom", "id:3,1 order:custom" },
  { "order:custom id:3,1,2 a", "a id:3,1,2 order:custom" },
  { "order:similar a", "a" },
  { "similar:5", "similar:5,10" },
  { "similar:5 order:similar", "similar:5,10" },
  { "order:id_desc similar:5", "similar:5,10 order:id_desc" },
  { "order:id similar:5,3", "similar:5,3 order:id" },
  { "a or SIMILAR:7,0", "a or similar:7,0" },
  { "-similar:5", "-similar:5,10" },
  { "order:similar -similar:5", "-similar:5,10" },
  { "similar:5,33", NOTHING },
  { "similar:5,", NOTHING },
  { "similar:5,1,2", NOTHING },
  { "similar:0", NOTHING },
  { "similar:-5", NOTHING },
  { "similar:any", NOTHING },
  { "similar:", NOTHING },
  { "order:custom", NOTHING },
  { "order:custom id:1..5", NOTHING },
  { "order:custom id:>1", NOTHING },
  { "order:custom id:1 id:2", NOTHING },
};

static void
test_cases (const Case *cases, gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (cases[i].text);
      g_autofree char *canonical = booru_query_to_string (query);
      g_autoptr (BooruQuery) again = booru_query_parse (canonical);
      g_autofree char *same = booru_query_to_string (again);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (canonical, ==, cases[i].canonical);
      g_assert_cmpstr (same, ==, canonical);
      g_assert_cmpstr (booru_query_get_text (query), ==, cases[i].text);
      g_assert_false (query->refused);
    }
}

#define CASES(name)                                                                                \
  static void test_##name (void) { test_cases (name, G_N_ELEMENTS (name)); }

CASES (terms)
CASES (operators)
CASES (parentheses)
CASES (numbers)
CASES (times)
CASES (words)
CASES (leaves)
CASES (states)
CASES (orders)

static void
test_limit (void)
{
  g_autoptr (BooruQuery) with = booru_query_parse ("a limit:7");
  g_autoptr (BooruQuery) without = booru_query_parse ("a");

  g_assert_cmpint (booru_query_get_limit (with), ==, 7);
  g_assert_cmpint (booru_query_get_limit (without), ==, -1);
}

/* Who asks is of no interest but where it matters. */
static void
test_asker (void)
{
  g_autoptr (BooruQuery) search = booru_query_parse_for ("a -search:none", 7);
  g_autoptr (BooruQuery) pool = booru_query_parse_for ("pool:5", 7);
  const BooruQueryNode *node;

  g_assert_true (booru_query_is_personal (search));
  g_assert_false (booru_query_is_personal (pool));
  g_assert_cmpint (search->root->type, ==, BOORU_QUERY_AND);
  node = search->root->children->pdata[1];
  g_assert_cmpint (node->metatag, ==, BOORU_METATAG_SEARCH);
  g_assert_cmpint (node->presence, ==, BOORU_QUERY_ANY);
  g_assert_cmpint (node->asker, ==, 7);
  g_assert_cmpint (pool->root->asker, ==, 0);
}

static void
require_nothing (const char *text, gboolean too_complex)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autofree char *canonical = booru_query_to_string (query);

  g_assert_cmpstr (canonical, ==, NOTHING);
  g_assert_cmpint (query->refused, ==, too_complex);
}

/* What is wrong, and "^" below where; NULL: nothing. */
static const struct
{
  const char *text, *place, *message;
  gboolean refused;
} faults[] = {
  { "a -b (c or d) width:>5 order:score limit:5 a_(b) :)", NULL, NULL, FALSE },
  { "", NULL, NULL, FALSE },
  { "a (b c", "  ^", "never closed", FALSE },
  { "a ((b) c", "  ^", "never closed", FALSE },
  { "(", "^", "never closed", FALSE },
  { "a )", "  ^", "closes nothing", FALSE },
  { "(a) b) c", "    ^^", "parentheses", FALSE },
  { "a ()", "  ^^", "nothing between", FALSE },
  { "a_(b c", "^^^^", "parentheses", FALSE },
  { "a -", "  ^", "missing after “-”", FALSE },
  { "a or", "  ^^", "missing beside “or”", FALSE },
  { "(a or )", "   ^^", "missing after “or”", FALSE },
  { "a --b", "   ^", "Only one", FALSE },
  { "a source:\"b c", "         ^^^^", "quotation mark", FALSE },
  { "a,b c", "^^^", "a,b", FALSE },
  { "a width:wide", "  ^^^^^^^^^^", "a number", FALSE },
  { "date:yesterday", "^^^^^^^^^^^^^^", "2024-01-31", FALSE },
  { "-rating:x", " ^^^^^^^^", "g, s, q or e", FALSE },
  { "a is:nothing", "  ^^^^^^^^^^", "sfw", FALSE },
  { "limit:x", "^^^^^^^", "number of posts", FALSE },
  { "random:-1", "^^^^^^^^^", "number of posts", FALSE },
  { "-newpool:5 a", " ^^^^^^^^^", "cannot search by “newpool:”", FALSE },
  { "ai:cat is:banned has:flags flags:0 pool:x order:flags", NULL, NULL, FALSE },
  { "order:scroe a", "^^^^^^^^^^^", "order:score?", FALSE },
  { "order:nonsense", "^^^^^^^^^^^^^^", "no order “nonsense”", FALSE },
  { "order:custom a", "^^^^^^^^^^^^", "list of ids", FALSE },
  { "order:", "^^^^^^", "missing after “order:”", TRUE },
  { "order:score a order:id", "              ^^^^^^^^", "only one order", TRUE },
  { "order:score order:score", "            ^^^^^^^^^^^", "only one order", TRUE },
  { "order:score ordpool:5", "            ^^^^^^^^^", "only one order", TRUE },
  { "-ordpool:5", " ^^^^^^^^^", "cannot be negated", TRUE },
  { "a or ordfav:x", "     ^^^^^^^^", "alternatives", TRUE },
  { "limit:5 limit:6", "        ^^^^^^^", "only one limit:", TRUE },
  { "random:5 random:6", "         ^^^^^^^^", "only one random:", TRUE },
  { "-order:score a", " ^^^^^^^^^^^", "cannot be negated", TRUE },
  { "-(a order:score)", "    ^^^^^^^^^^^^", "cannot be negated", TRUE },
  { "-limit:5", " ^^^^^^^", "cannot be negated", TRUE },
  { "-random:5", " ^^^^^^^^", "cannot be negated", TRUE },
  { "a or order:score", "     ^^^^^^^^^^^", "alternatives", TRUE },
  { "order:score a or b", "^^^^^^^^^^^", "alternatives", TRUE },
  { "a or limit:5", "     ^^^^^^^", "alternatives", TRUE },
  { "~order:score ~a", " ^^^^^^^^^^^", "alternatives", TRUE },
};

static void
test_faults (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (faults[i].text);
      const GPtrArray *found = booru_query_get_faults (query);
      const BooruQueryFault *fault = found->len ? found->pdata[0] : NULL;

      g_test_message ("%s", faults[i].text);
      g_assert_cmpint (query->refused, ==, faults[i].refused);
      if (faults[i].place == NULL)
        {
          g_assert_null (fault);
          continue;
        }
      g_assert_nonnull (fault);
      g_assert_nonnull (strstr (fault->message, faults[i].message));
      g_assert_cmpuint (fault->start, ==, strspn (faults[i].place, " "));
      g_assert_cmpuint (fault->start + fault->length, ==, strlen (faults[i].place));
    }
}

/* Every text is either understood or says what is wrong with it. */
static void
test_no_silence (void)
{
  static const char *const texts[]
      = { ")",  "a )",  "- ",       "~",    "a or or b", "and", "a and",
          "()", "(a))", "source:'", "\xff", "a -(",      "(-)", "artist:x" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (texts[i]);

      g_assert_cmpint (query->root->type, ==, BOORU_QUERY_NONE);
      g_assert_cmpuint (booru_query_get_faults (query)->len, >, 0);
    }
}

static void
test_tags (void)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("Blue -(sky or width:5) c*");
  const GPtrArray *tags = booru_query_get_tags (query);
  const BooruQueryTag *second;

  g_assert_cmpuint (tags->len, ==, 2);
  second = tags->pdata[1];
  g_assert_cmpstr (((BooruQueryTag *)tags->pdata[0])->name, ==, "blue");
  g_assert_cmpstr (second->name, ==, "sky");
  g_assert_cmpuint (second->start, ==, 7);
  g_assert_cmpuint (second->length, ==, 3);
}

static void
test_invalid_utf8 (void)
{
  require_nothing ("a \xff", FALSE);
  require_nothing ("\xc3", FALSE);
  require_nothing ("source:\"\xc3\"", FALSE);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/terms", test_terms);
  g_test_add_func ("/query/operators", test_operators);
  g_test_add_func ("/query/parentheses", test_parentheses);
  g_test_add_func ("/query/numbers", test_numbers);
  g_test_add_func ("/query/times", test_times);
  g_test_add_func ("/query/words", test_words);
  g_test_add_func ("/query/leaves", test_leaves);
  g_test_add_func ("/query/states", test_states);
  g_test_add_func ("/query/asker", test_asker);
  g_test_add_func ("/query/orders", test_orders);
  g_test_add_func ("/query/limit", test_limit);
  g_test_add_func ("/query/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/query/faults", test_faults);
  g_test_add_func ("/query/no-silence", test_no_silence);
  g_test_add_func ("/query/tags", test_tags);
  return g_test_run ();
}
