package sh.cinch.bitbucket.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.webhook.PushPayload.NotJson;
import sh.cinch.bitbucket.webhook.PushPayload.OtherShape;
import sh.cinch.bitbucket.webhook.PushPayload.Parsed;

class PushPayloadTest {
  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);
  private static final String REPOSITORY = "'repository':{'uuid':'{u}'}";

  @Test
  void theLeastThatIsAPush() {
    Parsed push = parsed(push(change("null", branch("main", B))));

    assertThat(push.repository()).isEqualTo(new RepositoryId("{u}", null));
    assertThat(push.actor()).isEmpty();
    assertThat(push.changes())
        .containsExactly(new RefChange(RefType.BRANCH, "main", null, B, null, false, null, null));
  }

  @Test
  void presenceDecidesAndNotTheFlags() {
    String sides = change(branch("main", A), branch("main", B));

    Parsed push = parsed(push(sides.replace("{'old'", "{'created':true,'closed':true,'old'")));

    assertThat(push.changes()).extracting(RefChange::kind).containsExactly(ChangeKind.UPDATED);
  }

  @Test
  void anAbsentSideIsLikeANullOne() {
    Parsed push = parsed(push("{'old':%s},{'new':%s}".formatted(branch("x", A), branch("y", B))));

    assertThat(push.changes())
        .extracting(RefChange::kind)
        .containsExactly(ChangeKind.DELETED, ChangeKind.CREATED);
  }

  @Test
  void otherKindsOfRefsAreIgnoredWhateverTheyHold() {
    String bookmark = "{'type':'bookmark','name':'b','target':{'hash':'abc'}}";

    Parsed push = parsed(push(change("null", bookmark) + "," + change("null", branch("main", B))));

    assertThat(push.changes()).extracting(RefChange::ref).containsExactly("refs/heads/main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "'someone'", "[1,[2]]", "{}", "{'type':'team','links':{'a':[{}]}}", "7"})
  void anyActorWillDo(String actor) {
    assertThat(parsed(push("").replace("{'push'", "{'actor':" + actor + ",'push'")).actor())
        .isEmpty();
  }

  @Test
  void aNicknameStandsInForAName() {
    String body = push("").replace("{'push'", "{'actor':{'nickname':'jo'},'push'");

    assertThat(parsed(body).actor()).contains(new Actor(null, "jo"));
  }

  @Test
  void optionalFieldsOfAnotherTypeAreAbsent() {
    String side =
        "{'type':'tag','name':'t','target':{'hash':'%s','message':[[]],'author':'Jo'}}"
            .formatted(B);

    RefChange change =
        parsed(push("{'forced':'yes','truncated':{},'old':null,'new':%s}".formatted(side)))
            .changes()
            .getFirst();

    assertThat(change).isEqualTo(new RefChange(RefType.TAG, "t", null, B, null, false, null, null));
  }

  @Test
  void aLongMessageIsCutOnACodePoint() {
    String towers = "x" + "🗼".repeat(PushPayload.LONGEST_MESSAGE);

    String kept = parsed(push(change("null", withMessage(towers)))).changes().getFirst().message();

    assertThat(kept)
        .isEqualTo("x" + "🗼".repeat(PushPayload.LONGEST_MESSAGE / 4 - 1))
        .satisfies(text -> assertThat(text.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(8192));
  }

  @Test
  void halfASurrogatePairInAMessageIsReplaced() {
    assertThat(
            parsed(push(change("null", withMessage("a\\ud83db")))).changes().getFirst().message())
        .isEqualTo("a\ufffdb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'push':{'changes':[]}}                                   | repository is missing
          {'push':{'changes':[]},'repository':null}                 | repository is null
          {'push':{'changes':[]},'repository':[]}                   | repository is not an object
          {'push':{'changes':[]},'repository':{}}                   | repository.uuid is missing
          {'push':{'changes':[]},'repository':{'uuid':7}}           | repository.uuid is not a string
          {'push':{'changes':[]},'repository':{'uuid':''}}          | repository.uuid is empty
          {'repository':{'uuid':'{u}'}}                             | push is missing
          {'repository':{'uuid':'{u}'},'push':null}                 | push is null
          {'repository':{'uuid':'{u}'},'push':{}}                   | push.changes is missing
          {'repository':{'uuid':'{u}'},'push':{'changes':null}}     | push.changes is null
          {'repository':{'uuid':'{u}'},'push':{'changes':{}}}       | push.changes is not an array
          {'repository':{'uuid':'{u}'},'push':{'changes':[[]]}}     | in push.changes[0], the change is not an object
          {'repository':{'uuid':'{u}'},'push':{'changes':[{}]}}     | in push.changes[0], both old and new are missing
          {'repository':{'uuid':'{u}','uuid':'{v}'}}                | repository.uuid is given twice
          {'repository':{'uuid':'{u}'},'repository':{'uuid':'{v}'}} | repository is given twice
          []                                                        | the body is not an object
          null                                                      | the body is not an object
          """)
  void anotherShapeIsNamed(String body, String why) {
    assertThat(parse(body)).isEqualTo(new OtherShape(why));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'x'                                        | new is not an object
          {}                                         | new.type is missing
          {'type':'tag'}                             | new.name is missing
          {'type':'tag','name':''}                   | new.name is empty
          {'type':'tag','name':'\\ud83d'}            | new.name has half a surrogate pair
          {'type':'tag','name':'t'}                  | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':'x'}     | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':{'hash':'b2b2b2b2b2b2'}} | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','name':'u'}       | new.name is given twice
          """)
  void aBrokenSideIsNamed(String side, String why) {
    assertThat(parse(push(change("null", branch("fine", A)) + "," + change("null", side))))
        .isEqualTo(new OtherShape("in push.changes[1], " + why));
  }

  @Test
  void aHashIsExactlyFortyDigits() {
    assertThat(parse(push(change("null", branch("main", B + "b"))))).isInstanceOf(OtherShape.class);
    assertThat(parse(push(change("null", branch("main", "B".repeat(40))))))
        .isInstanceOf(OtherShape.class);
  }

  @Test
  void oldAndNewMustNameOneRef() {
    assertThat(parse(push(change(branch("a", A), branch("b", B)))))
        .isEqualTo(new OtherShape("in push.changes[0], old and new name different refs"));
  }

  @Test
  void aRefTooLongToPublishIsRefused() {
    assertThat(parse(push(change("null", branch("x".repeat(1025), B)))))
        .isEqualTo(new OtherShape("in push.changes[0], new.name is longer than 1024 characters"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{'a'", "{'a':}", "hello", "{} {}", "{}x", "{'a':01}"})
  void whatIsNotJsonSaysWhereAndQuotesNothing(String body) {
    PushPayload payload = parse(body.replace("{}", "{" + REPOSITORY + ",'push':{'changes':[]}}"));

    assertThat(payload).isInstanceOf(NotJson.class);
    assertThat(((NotJson) payload).why()).isNotBlank().doesNotContain("hello");
  }

  @Test
  void aByteOrderMarkIsNotJson() {
    assertThat(parse("\ufeff" + push(""), UTF_8)).isInstanceOf(NotJson.class);
  }

  @Test
  void onlyUtf8IsJson() {
    assertThat(parse(push(""), UTF_16)).isInstanceOf(NotJson.class);
    assertThat(parse(push(""), UTF_16LE)).isInstanceOf(NotJson.class);
    assertThat(parse(push(change("null", branch("größe", B))), ISO_8859_1))
        .isInstanceOf(NotJson.class);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "[".repeat(100_000);

    assertThat(parse(push("").replace("{'push'", "{'x':" + deep + ",'push'")))
        .isEqualTo(new NotJson("nested deeper than 64 levels, or a value is too long"));
  }

  @Test
  void aHugeTextIsRefused() {
    assertThat(parse(push(change("null", withMessage("x".repeat(2_000_000))))))
        .isInstanceOf(NotJson.class);
  }

  private static String push(String changes) {
    return "{'push':{'changes':[%s]},%s}".formatted(changes, REPOSITORY);
  }

  private static String change(String before, String after) {
    return "{'old':%s,'new':%s}".formatted(before, after);
  }

  private static String branch(String name, String hash) {
    return "{'type':'branch','name':'%s','target':{'hash':'%s'}}".formatted(name, hash);
  }

  private static String withMessage(String message) {
    return "{'target':{'message':'%s','hash':'%s'},'name':'main','type':'branch'}"
        .formatted(message, B);
  }

  private static Parsed parsed(String body) {
    PushPayload payload = parse(body);
    assertThat(payload).isInstanceOf(Parsed.class);
    return (Parsed) payload;
  }

  private static PushPayload parse(String body) {
    return parse(body, UTF_8);
  }

  private static PushPayload parse(String body, Charset charset) {
    return PushPayload.parse(body.replace('\'', '"').getBytes(charset));
  }
}
