"""Guessed albums."""

from archiver.model import Forward, Post, PostKind
from archiver.sources.albums import Albums


def photo(number, text="", **more):
    return Post(number, text, **{"date": 100, "media_kind": "photo"} | more)


def groups(*posts):
    albums = Albums()
    out = [done for post in posts for done in albums.push(post)] + albums.flush()
    assert [post.message_id for post in out] == [post.message_id for post in posts]
    assert all(post.grouped_inferred == (post.grouped_id is not None) for post in out)
    return [post.grouped_id for post in out]


def test_pictures_of_one_second_are_an_album_wherever_the_caption_stands():
    assert groups(photo(5), photo(6), photo(7, "caption")) == [5, 5, 5]
    assert groups(photo(5, "caption"), photo(6, media_kind="video")) == [5, 5]


def test_a_picture_alone_is_no_album():
    assert groups(photo(5), Post(6, "text", date=100), photo(7)) == [None, None, None]


def test_a_second_caption_begins_another_post():
    assert groups(photo(5, "a"), photo(6), photo(7, "b"), photo(8)) == [5, 5, 7, 7]
    assert groups(photo(5, "a"), photo(6, "b")) == [None, None]


def test_what_differs_in_more_than_its_picture_is_not_of_the_album():
    assert groups(photo(5), photo(6, date=101)) == [None, None]
    assert groups(photo(5), photo(6, forward=Forward(name="A"))) == [None, None]
    assert groups(photo(5), photo(6, author="A")) == [None, None]
    assert groups(photo(5), photo(6, reply_to=1)) == [None, None]
    assert groups(photo(5), photo(6, details={"from_id": 7})) == [None, None]
    assert groups(photo(5), photo(6, media_kind="file")) == [None, None]
    assert groups(photo(5, date=None), photo(6, date=None)) == [None, None]
    assert groups(photo(5, kind=PostKind.SERVICE), photo(6, kind=PostKind.SERVICE)) == [None, None]


def test_stickers_and_voices_are_never_albums():
    assert groups(photo(5, media_kind="sticker"), photo(6, media_kind="sticker")) == [None, None]


def test_an_album_has_at_most_ten_posts_and_spans_ten_ids():
    assert groups(*map(photo, range(1, 13))) == [1] * 10 + [11] * 2
    assert groups(photo(5), photo(9), photo(20)) == [5, 5, None]
    assert groups(photo(9), photo(5)) == [None, None]
