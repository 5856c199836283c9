package sh.cinch.ingress.readmodel;

import java.util.Locale;

/** The words of the events' JSON, which are their constants' names in lower case. */
final class Words {

  private Words() {}

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
