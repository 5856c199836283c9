package sh.cinch.ingress.readmodel.deadletter;

import com.fasterxml.jackson.annotation.JsonValue;
import sh.cinch.service.text.EnumWord;

/**
 * What people have done about a dead letter: nothing yet, sent it again, or put it aside.
 *
 * <pre>
 * OPEN → REPLAYED
 *   ↓       ↑
 *   DROPPED ┘
 * </pre>
 */
public enum DeadLetterState {
  OPEN,
  REPLAYED,
  DROPPED;

  @JsonValue
  String word() {
    return EnumWord.word(this);
  }

  static DeadLetterState of(String word) {
    return EnumWord.constant(DeadLetterState.class, word);
  }
}
