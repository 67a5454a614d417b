# SPDX-License-Identifier: LGPL-2.1-or-later
"""What clients ask, as their sources have it, and what their parsers insist on. Each function is one
client in use; board is a Board."""
import urllib.parse

POST_MEMBERS = {
    "id": int, "uploader_id": int, "score": int, "up_score": int, "down_score": int,
    "fav_count": int, "file_size": int, "image_width": int, "image_height": int, "bit_flags": int,
    "tag_count": int, "tag_count_general": int, "tag_count_artist": int,
    "tag_count_character": int, "tag_count_copyright": int, "tag_count_meta": int,
    "created_at": str, "updated_at": str, "source": str, "md5": str, "rating": str,
    "file_ext": str, "tag_string": str, "tag_string_general": str, "tag_string_artist": str,
    "tag_string_character": str, "tag_string_copyright": str, "tag_string_meta": str,
    "file_url": str, "large_file_url": str, "preview_file_url": str, "is_pending": bool,
    "is_flagged": bool, "is_deleted": bool, "is_banned": bool, "has_children": bool,
    "has_active_children": bool, "has_visible_children": bool, "has_large": bool,
    "media_asset": dict,
}
NULLABLE = ["parent_id", "approver_id", "pixiv_id", "last_noted_at", "last_commented_at",
            "last_comment_bumped_at"]


def require_post(post):
    """The members and types that typed clients cannot do without."""
    for name, kind in POST_MEMBERS.items():
        assert type(post[name]) is kind, (name, post[name])
    for name in NULLABLE:
        assert name in post, name
    for name in ("file_url", "large_file_url", "preview_file_url"):
        assert post[name].startswith("http://") and "." in post[name].rsplit("/", 1)[1], post[name]
    variants = post["media_asset"]["variants"]
    assert variants[-1]["type"] == "original", variants
    assert post["media_asset"]["status"] == "active"
    # Some cut the offset off: six characters.
    assert post["created_at"][-6] in "+-" and "." in post["created_at"], post["created_at"]


def quote(**parameters):
    return urllib.parse.urlencode(
        {name.replace("__", "[").replace("_q", "]"): value for name, value in parameters.items()})


def boorusama(board):
    """Browse, complete, open a post."""
    for post in board.get_list("/posts.json?tags=blue_sky&page=1&limit=20"):
        require_post(post)
    for entry in board.get_list("/autocomplete.json?search[query]=sky&search[type]=tag_query&limit=20"):
        assert type(entry["value"]) is str and type(entry["label"]) is str
        assert type(entry["post_count"]) is int and type(entry["category"]) is int
    for scale in ("day", "week", "month"):
        for post in board.get_list(
                f"/explore/posts/popular.json?date=2024-01-31&scale={scale}&page=1&limit=20"):
            require_post(post)
    board.get_list("/explore/posts/viewed.json?date=2024-01-31")
    board.get_list("/explore/posts/searches.json?date=2024-01-31")
    for tag in board.get_list("/tags.json?search[name_comma]=blue_sky,solo&page=1"
                              "&search[hide_empty]=yes&search[order]=count&limit=200"):
        assert type(tag["post_count"]) is int and type(tag["category"]) is int
    related = board.get("/related_tag.json?search[query]=blue_sky&search[category]=general"
                        "&search[order]=cosine&limit=30")
    assert related["tag"]["name"] == "blue_sky" and related["related_tags"], related
    for one in related["related_tags"]:
        assert type(one["tag"]["name"]) is str and 0 <= one["cosine_similarity"] <= 1.0001
    post = board.get_list("/posts.json?tags=blue_sky&limit=1")[0]
    require_post(board.get(f"/posts/{post['id']}.json"))
    for path in (f"/comments.json?search[post_id]={post['id']}&search[is_deleted]=false&limit=1000",
                 f"/notes.json?search[post_id]={post['id']}&limit=200",
                 f"/artist_commentaries.json?search[post_id]={post['id']}",
                 f"/pools.json?search[post_ids_include_all]={post['id']}&limit=20",
                 f"/post_votes.json?page=1&search[post_id]={post['id']}&limit=100",
                 f"/ai_tags.json?search[post_tags_match]=id:{post['id']}&search[order]=score_desc",
                 f"/favorite_groups.json?search[post_ids_include_any]={post['id']}",
                 "/users.json?search[id]=1&limit=5", "/user_feedbacks.json?search[user_id]=1",
                 "/saved_searches.json?page=1&limit=1000", "/forum_topics.json?page=1&limit=20",
                 "/artists.json?search[name]=nobody", "/dmails.json?limit=10"):
        board.get_list(path)
    assets = board.get_list(f"/media_assets.json?search[id]={post['media_asset']['id']}&limit=1")
    assert assets[0]["md5"] == post["md5"]
    assert type(board.get("/counts/posts.json?tags=blue_sky")["counts"]["posts"]) is int
    assert type(board.get("/profile.json")["id"]) is int


def grabber(board):
    """imgbrd-grabber finds out what the board is, then searches page by page."""
    assert "Running Danbooru" in board.get_text("/")
    first = board.get_list("/posts.json?limit=2&page=1&tags=")
    require_post(first[0])
    low, high = min(post["id"] for post in first), max(post["id"] for post in first)
    below = board.get_list(f"/posts.json?limit=2&page=b{low}&tags=")
    assert all(post["id"] < low for post in below) and below
    above = board.get_list(f"/posts.json?limit=2&page=a{below[0]['id']}&tags=")
    assert [post["id"] for post in above] == sorted((low, high), reverse=True), above
    tags = board.get_list("/tags.json?limit=100&search[order]=count&page=1")
    counts = [tag["post_count"] for tag in tags]
    assert counts == sorted(counts, reverse=True) and type(tags[0]["category"]) is int
    board.get_list("/tags.json?limit=100&search[order]=name&page=2")
    board.get_list("/pools.json?page=1&search[name_contains]=none")
    assert board.get(f"/posts/{first[0]['id']}.json?only=media_metadata")["media_metadata"]
    board.get_list("/posts.json?limit=20&page=1&tags=rating%3Agen%20order%3Arank")
    assert board.status("/posts.json?page=1001") == 410


def lolisnatcher(board):
    posts = board.get_list("/posts.json?tags=rating:general%20order:score&limit=20&page=1")
    assert posts
    for post in posts:
        require_post(post)
    found = board.get_list(
        "/autocomplete.json?search[query]=*sky*&search[type]=tag_query&limit=20&order=count")
    assert any(entry["value"] == "blue_sky" for entry in found), found
    board.get_list(f"/comments.json?search[post_id]={posts[0]['id']}&group_by=comment"
                   "&only=id,created_at,post_id,creator,body,score")
    board.get_list(f"/notes.json?search[post_id]={posts[0]['id']}")


def mihon(board):
    """keiyoushi's extension: pools as manga, which a board may have none of, and Accept."""
    pools = board.get_list("/pools.json?search[category]=series&search[order]=updated_at&page=1")
    assert isinstance(pools, list)
    posts = board.get("/posts?tags=blue_sky&page=1", accept="application/json")
    assert isinstance(posts, list) and posts


def pybooru(board):
    """A doubled slash, forms and methods."""
    posts = board.get_list("//posts.json?limit=5&page=1")
    assert len(posts) == 5
    post = board.get_list("/posts.json?tags=solo")[0]
    assert board.get(f"//posts.json?md5={post['md5']}")["id"] == post["id"]
    changed = board.send(f"//posts/{post['id']}.json", "PUT",
                         {"post[tag_string]": post["tag_string"] + " pybooru", "post[rating]": "s"})
    assert "pybooru" in changed["tag_string"].split() and changed["rating"] == "s"
    changed = board.send(f"/posts/{post['id']}.json", "POST",
                         {"_method": "put", "post[old_tag_string]": changed["tag_string"],
                          "post[tag_string]": post["tag_string"]})
    assert "pybooru" not in changed["tag_string"].split()
    board.get_list("//tag_aliases.json?search[name_matches]=sky&search[status]=active")
    board.get_list("//tag_implications.json?limit=5&search[antecedent_name]=sky")
    board.get("//related_tag.json?query=blue_sky&category=general")
    board.get_list("//post_versions.json?limit=5")
    board.get_list("//artists.json?search[any_name_matches]=x")
    board.get_list("//wiki_pages.json?search[title]=x")
    board.get_list("//explore/posts/popular.json?scale=week")


def old_clients(board):
    """Danbooru 1 and Moebooru."""
    posts = board.get_list("/post/index.json?tags=blue_sky&limit=10&page=1")
    for post in posts:
        assert type(post["created_at"]) is int and type(post["tags"]) is str
        assert post["file_url"].startswith("http://") and len(post["md5"]) == 32
    tags = board.get_list("/tag/index.json?order=count&limit=5")
    assert all(type(tag["count"]) is int and type(tag["type"]) is int for tag in tags)
    assert board.status(f"/post/show/{posts[0]['id']}") in (301, 200)


def gallery_dl(board):
    """The requests of its extractors: posts, one by one, popular ones, metadata of many."""
    ids, page = [], ""
    while chunk := board.get_list(f"/posts.json?tags=&limit=2{page}"):
        ids += [post["id"] for post in chunk]
        page = f"&page=b{chunk[-1]['id']}"
    assert ids == sorted(set(ids), reverse=True) and len(ids) == board.count
    listed = ",".join(map(str, ids))
    data = board.get_list(f"/posts.json?tags=id:{listed}&limit=200&only=id,uploader,media_metadata,"
                          "artist_commentary,children,notes,parent,tag_string")
    assert {post["id"] for post in data} == set(ids)
    assert data[0]["uploader"]["name"] and data[0]["parent"] is None
    for post in board.get_list("/explore/posts/popular.json?date=2024-01-31&scale=month&limit=200"):
        require_post(post)
    gone = ids[-1]
    board.send(f"/posts/{gone}.json", "DELETE", {"_method": "delete"})
    assert board.get_list(f"/posts.json?tags=id:{gone}")[0]["is_deleted"] is True
    board.send("/post_approvals.json", "POST", {"post_id": gone}, status=201)
    assert board.get(f"/posts/{gone}.json")["is_deleted"] is False


ALL = [boorusama, grabber, lolisnatcher, mihon, pybooru, old_clients, gallery_dl]
