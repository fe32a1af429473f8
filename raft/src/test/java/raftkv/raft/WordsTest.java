package raftkv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The closed sets of the core are closed: whoever adds a kind is told where it is missing. */
class WordsTest {
  private static List<Class<?>> permitted(Class<?> sealed) {
    return Arrays.asList(sealed.getPermittedSubclasses());
  }

  @Test
  void everyNoticeHasItsWords() {
    assertThat(NoticeNotation.kinds()).containsExactlyInAnyOrderElementsOf(permitted(Notice.class));
  }

  @Test
  void everyMessageHasAMethodOfTheHandler() {
    List<String> handled =
        Arrays.stream(RaftMessage.Handler.class.getMethods())
            .map(method -> method.getName().substring("on".length()))
            .toList();

    assertThat(handled)
        .containsExactlyInAnyOrderElementsOf(
            permitted(RaftMessage.class).stream().map(Class::getSimpleName).toList());
  }

  @Test
  void rolesAndResultsAreThese() {
    assertThat(permitted(Role.class))
        .containsExactly(Follower.class, Candidate.class, Leader.class);
    assertThat(permitted(ProposeResult.class)).hasSize(5);
    assertThat(permitted(ReadOutcome.class)).hasSize(2);
    assertThat(permitted(TransferResult.class)).hasSize(3);
  }

  @Test
  void everyKindOfEntryIsFoundByItsCode() {
    for (EntryKind kind : EntryKind.values()) {
      assertThat(EntryKind.ofCode(kind.code())).isSameAs(kind);
    }
    assertThat(EntryKind.ofCode((byte) 0)).isNull();
    assertThat(EntryKind.ofCode((byte) 6)).isNull();
    assertThat(EntryKind.ofCode((byte) -1)).isNull();
  }
}
