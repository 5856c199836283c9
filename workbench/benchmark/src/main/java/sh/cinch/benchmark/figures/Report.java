package sh.cinch.benchmark.figures;

import io.vertx.core.json.JsonObject;

/** What was measured, for people and for programs. */
public interface Report {

  String name();

  String text();

  JsonObject json();
}
