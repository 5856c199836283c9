package sh.cinch.bitbucket.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.webhook.PushPayload.AllUnread;
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
    assertThat(push.changes()).containsExactly(created(RefType.BRANCH, "main"));
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

    assertThat(change).isEqualTo(created(RefType.TAG, "t"));
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
          null                                       | both old and new are missing
          'x'                                        | new is not an object
          7                                          | new is not an object
          [{'type':'tag'},[[]]]                      | new is not an object
          {'name':'t','target':{'hash':'b2'}}        | new.type is missing
          {'type':null}                              | new.type is not a string
          {'type':'tag','name':['t']}                | new.name is not a string
          {'type':'tag','name':{'x':[{}]},'target':{'x':{}}} | new.name is not a string
          {}                                         | new.type is missing
          {'type':'tag'}                             | new.name is missing
          {'type':'tag','name':''}                   | new.name is empty
          {'type':'tag','name':'\\ud83d'}            | new.name has half a surrogate pair
          {'type':'tag','name':'t'}                  | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':'x'}     | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':null}    | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':{'hash':null}} | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':{'hash':7}} | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','target':{'hash':null,'hash':'x'}} | target.hash is given twice
          {'type':'tag','type':'tag'}                | new.type is given twice
          {'type':'tag','name':'t','target':{'hash':'b2b2b2b2b2b2'}} | new.target.hash is not 40 lower-case hex digits
          {'type':'tag','name':'t','name':'u'}       | new.name is given twice
          """)
  void aBrokenSideCostsItsChangeAlone(String side, String why) {
    costsItselfAlone(change("null", side), why);
    costsItselfAlone("{'new':%s,'old':null,'commits':[{}]}".formatted(side), why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null             | the change is not an object
          7                | the change is not an object
          'x'              | the change is not an object
          [[{'new':[]}],{}] | the change is not an object
          {}               | both old and new are missing
          {'old':null,'new':null,'closed':true} | both old and new are missing
          {'old':null,'old':null} | old is given twice
          {'new':null,'new':{'x':[[]]},'old':{}} | new is given twice
          """)
  void anElementOfAnotherShapeCostsItselfAlone(String element, String why) {
    costsItselfAlone(element, why);
  }

  @Test
  void aHashIsExactlyFortyDigits() {
    String why = "new.target.hash is not 40 lower-case hex digits";

    costsItselfAlone(change("null", branch("x", B + "b")), why);
    costsItselfAlone(change("null", branch("x", "B".repeat(40))), why);
  }

  @Test
  void oldAndNewMustNameOneRef() {
    costsItselfAlone(change(branch("a", A), branch("b", B)), "old and new name different refs");
  }

  @Test
  void aRefTooLongToPublishCostsItsChangeAlone() {
    costsItselfAlone(
        change("null", branch("x".repeat(1025), B)), "new.name is longer than 1024 characters");
  }

  @Test
  void aRefOfNoUseCostsItsChangeAlone() {
    Parsed push =
        (Parsed)
            parse(
                push(change("null", branch("bad", B)) + "," + change("null", branch("good", B))),
                10,
                ref -> ref.equals("refs/heads/bad") ? Optional.of("it is bad") : Optional.empty());

    assertThat(push.changes()).containsExactly(created(RefType.BRANCH, "good"));
    assertThat(push.unread())
        .isEqualTo(
            new UnreadChanges(
                1, List.of("in push.changes[0], new.name cannot be published: it is bad")));
  }

  private static void costsItselfAlone(String odd, String why) {
    String good = change("null", branch("main", B));
    String last = change(branch("last", A), "null");

    Parsed push = parsed(push("%s,%s,%s".formatted(good, odd, last)));

    assertThat(push.changes())
        .extracting(RefChange::ref)
        .containsExactly("refs/heads/main", "refs/heads/last");
    assertThat(push.unread())
        .isEqualTo(new UnreadChanges(1, List.of("in push.changes[1], " + why)));
    assertThat(parse(push(odd)))
        .isEqualTo(
            new AllUnread(
                new RepositoryId("{u}", null),
                new UnreadChanges(1, List.of("in push.changes[0], " + why))));
  }

  @Test
  void aFewAreNamedAndTheOthersCounted() {
    Parsed push = parsed(push("null,7,[]," + change("null", branch("main", B)) + ",{},null"));

    assertThat(push.changes()).hasSize(1);
    assertThat(push.unread().inWords())
        .contains(
            "5 of its changes could not be read: in push.changes[0], the change is not an object;"
                + " in push.changes[1], the change is not an object;"
                + " in push.changes[2], the change is not an object; and 2 more");
  }

  @Test
  void whatIsNoPushOfABranchOrTagIsNotUnread() {
    String bookmark = change("null", "{'type':'bookmark','name':'b','target':7}");

    Parsed push = parsed(push(bookmark));
    Parsed mixed = parsed(push(bookmark + ",null"));

    assertThat(push.changes()).isEmpty();
    assertThat(push.unread()).isEqualTo(UnreadChanges.NONE);
    assertThat(mixed.changes()).isEmpty();
    assertThat(mixed.unread().count()).isEqualTo(1);
  }

  @Test
  void whatCannotBeReadTakesNoPlaceOfWhatCan() {
    String three =
        "null,%s,{},%s,%s"
            .formatted(
                change("null", branch("a", B)),
                change("null", branch("b", B)),
                change("null", branch("c", B)));

    Parsed push = (Parsed) parse(push(three + ",null"), 2, ref -> Optional.empty());

    assertThat(push.changes())
        .extracting(RefChange::ref)
        .containsExactly("refs/heads/a", "refs/heads/b");
    assertThat(push.unread().count()).isEqualTo(2);
    assertThat(push.leftOut()).isEqualTo(2);
  }

  @Test
  void aBodyThatEndsWithinAChangeIsNotJson() {
    String body = push("{'old':7,'x':[[");

    assertThat(parse(body.substring(0, body.indexOf("[[") + 2))).isInstanceOf(NotJson.class);
    assertThat(parse(body)).isInstanceOf(NotJson.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'branch','name':'f'}",
        "{'type':'branch','name':'f','target':null}",
        "{'type':'branch','name':'f','target':{}}",
        "{'type':'branch','name':'f','target':{'hash':null}}"
      })
  void aSideBeforeMayHaveItsNameAlone(String side) {
    String deleted = "{'old':%s,'new':null,'closed':true}".formatted(side);

    Parsed push = parsed(push(deleted + "," + change(side, branch("f", B))));

    assertThat(push.unread()).isEqualTo(UnreadChanges.NONE);
    assertThat(push.changes())
        .extracting(RefChange::ref, RefChange::kind, RefChange::oldHash, RefChange::commit)
        .containsExactly(
            tuple("refs/heads/f", ChangeKind.DELETED, null, null),
            tuple("refs/heads/f", ChangeKind.UPDATED, null, B));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'x'", "7", "[]", "{'hash':7}", "{'hash':''}", "{'hash':'a1a1a1a1a1a1'}"})
  void whatABodyHasInsteadOfAHashIsNotTakenForNone(String target) {
    String side = "{'type':'branch','name':'f','target':%s}".formatted(target);
    String why = "old.target.hash is not 40 lower-case hex digits";

    costsItselfAlone(change(side, "null"), why);
    costsItselfAlone(change(side, branch("f", B)), why);
  }

  @Test
  void anActorGivenTwiceCostsNoPush() {
    String twice = "{'actor':{'uuid':'{1}'},'actor':{'uuid':'{2}'},'push'";

    Parsed push = parsed(push(change("null", branch("main", B))).replace("{'push'", twice));

    assertThat(push.changes()).hasSize(1);
    assertThat(push.actor()).contains(new Actor("{2}", null));
  }

  @Test
  void aNameOfTheRepositoryGivenTwiceCostsNoPush() {
    String twice = "'uuid':'{u}','full_name':'a/b','full_name':'a/c'";

    assertThat(parsed(push("").replace("'uuid':'{u}'", twice)).repository())
        .isEqualTo(new RepositoryId("{u}", "a/c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{'a'", "{'a':}", "hello", "{} {}", "{}x", "{'a':01}"})
  void whatIsNotJsonSaysWhereAndQuotesNothing(String body) {
    PushPayload payload = parse(body.replace("{}", "{" + REPOSITORY + ",'push':{'changes':[]}}"));

    assertThat(payload).isInstanceOf(NotJson.class);
    assertThat(((NotJson) payload).why()).isNotBlank().doesNotContain("hello");
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    String body = push(change("null", branch("größe", B)));

    assertThat(parse("\ufeff" + body)).isEqualTo(parse(body));
    assertThat(parse("\ufeff\ufeff" + body)).isInstanceOf(NotJson.class);
  }

  @Test
  void otherEncodingsAreNotJson() {
    String body = push(change("null", branch("main", B)));

    for (String charset :
        List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE")) {
      assertThat(parse(body, Charset.forName(charset)))
          .as(charset)
          .isEqualTo(new NotJson("not UTF-8"));
    }
  }

  @Test
  void aByteThatIsNoUtf8IsReplacedInATextAndPassedOverElsewhere() {
    String change =
        "{'é':'é','old':null,'new':%s,'commits':[{'message':'é'}]}".formatted(withMessage("é!é"));
    Parsed push = (Parsed) parse(push(change).replace("{'push'", "{'x':'é','push'"), ISO_8859_1);

    assertThat(push.unread()).isEqualTo(UnreadChanges.NONE);
    assertThat(push.changes()).extracting(RefChange::ref).containsExactly("refs/heads/main");
    assertThat(push.changes().getFirst().message()).isEqualTo("\ufffd!\ufffd");
  }

  @Test
  void authorAndNamesAreMendedToo() {
    String side =
        "{'type':'tag','name':'t','target':{'hash':'%s','author':{'raw':'Zoé'}}}".formatted(B);
    String body =
        push(change("null", side))
            .replace("'uuid':'{u}'", "'uuid':'{u}','full_name':'a/é'")
            .replace("{'push'", "{'actor':{'uuid':'{1}','display_name':'Zoé'},'push'");

    Parsed push = (Parsed) parse(body, ISO_8859_1);

    assertThat(push.changes().getFirst().author()).isEqualTo("Zo\ufffd");
    assertThat(push.actor()).contains(new Actor("{1}", "Zo\ufffd"));
    assertThat(push.repository().fullName()).isEqualTo("a/\ufffd");
  }

  @Test
  void aRefIsNeverMended() {
    String body =
        push(
            change("null", branch("gr\\u00f6\\u00dfe", B))
                + ","
                + change("null", branch("größe", B))
                + ","
                + change("null", branch("x", B).replace("branch", "bränch"))
                + ","
                + change("null", branch("x", B.substring(1) + "é")));

    Parsed push = (Parsed) parse(body, ISO_8859_1);

    assertThat(push.changes()).extracting(RefChange::ref).containsExactly("refs/heads/größe");
    assertThat(push.unread())
        .isEqualTo(
            new UnreadChanges(
                3,
                List.of(
                    "in push.changes[1], new.name has bytes that are not UTF-8",
                    "in push.changes[2], new.type has bytes that are not UTF-8",
                    "in push.changes[3], new.target.hash is not 40 lower-case hex digits")));
  }

  @Test
  void aReplacementThatWasSentIsARefsOwn() {
    String name = "a\ufffdb";
    String sent = push(change("null", branch(name, B)));
    String beside = push(change("null", branch("NAME", B)) + ",{'x':'é'}");

    assertThat(parsed(sent).changes())
        .extracting(RefChange::ref)
        .containsExactly("refs/heads/" + name);
    assertThat(((Parsed) parse(beside.replace("NAME", inLatin1(name)), ISO_8859_1)).changes())
        .extracting(RefChange::ref)
        .containsExactly("refs/heads/" + name);
  }

  @Test
  void theRepositorysUuidIsNeverMended() {
    assertThat(parse(push("").replace("{u}", "{é}"), ISO_8859_1))
        .isEqualTo(new OtherShape("repository.uuid has bytes that are not UTF-8"));
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

  private static RefChange created(RefType type, String name) {
    return new RefChange(type, name, ChangeKind.CREATED, null, B, null, false, null, null);
  }

  /** Its bytes of UTF-8, each as a character. */
  private static String inLatin1(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
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

  private static PushPayload parse(
      String body, int most, Function<String, Optional<String>> objection) {
    return PushPayload.parse(body.replace('\'', '"').getBytes(UTF_8), most, objection);
  }
}
