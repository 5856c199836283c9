package sh.cinch.schema.release;

/**
 * How one file of a release is called.
 *
 * @param file its name in the request
 * @param name its name in the forge's downloads: only letters and digits of ASCII, dot, underscore
 *     and hyphen
 * @param altered whether characters had to be replaced to make it safe
 */
public record DownloadName(String file, String name, boolean altered) {}
