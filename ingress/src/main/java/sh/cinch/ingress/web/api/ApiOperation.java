package sh.cinch.ingress.web.api;

/** Answers one operation of the OpenAPI document, top to bottom on a virtual thread. */
@FunctionalInterface
interface ApiOperation {
  ApiReply answer(ApiCall call);
}
