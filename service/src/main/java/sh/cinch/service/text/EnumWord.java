package sh.cinch.service.text;

import java.util.Locale;

/** The words of JSON, rows and metrics, which are their constants' names in lower case. */
public final class EnumWord {

  private EnumWord() {}

  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException where the type has no such constant
   */
  public static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
