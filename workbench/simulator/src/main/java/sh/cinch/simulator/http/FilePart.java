package sh.cinch.simulator.http;

import sh.cinch.simulator.world.Content;

/**
 * A file of a multipart form.
 *
 * @param field the form's field it was sent in
 */
public record FilePart(String field, String fileName, Content content) {}
