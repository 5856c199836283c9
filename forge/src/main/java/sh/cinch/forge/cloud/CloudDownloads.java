package sh.cinch.forge.cloud;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.Uploaded;
import sh.cinch.forge.Applied;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.service.lease.Lease;

/** Bitbucket's Downloads: one flat list, where a name replaces without asking. */
record CloudDownloads(CloudSession session) implements ForgeDownloads {

  private static final int TOO_LARGE = 413;

  /** How Bitbucket says that a repository is full is not documented, so its words are looked at. */
  private static final Pattern ROOM =
      Pattern.compile("\\b(quota|storage|space|bytes|too large|size limit)\\b", CASE_INSENSITIVE);

  private static final String FORBIDDEN =
      ". Whoever connected the repository must be allowed to write to it, and its downloads must"
          + " not be switched off";
  private static final Advice LISTING =
      new Advice(
          Advice.Effect.NONE,
          CloudDownloads::refusal,
          Advice.CONNECT_ANEW,
          Cause.FORBIDDEN,
          FORBIDDEN,
          Optional.empty(),
          "");
  private static final Advice UPLOADING =
      new Advice(
          Advice.Effect.UPLOAD,
          CloudDownloads::refusal,
          Advice.CONNECT_ANEW,
          Cause.FORBIDDEN,
          FORBIDDEN,
          Optional.empty(),
          "");

  @Override
  public ForgeResult<Listing> list(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Pool.REPOSITORIES, LISTING, address, client -> client.downloads(address))
        .map(all -> session.odd().told("downloads", all))
        .map(
            all ->
                new Listing(
                    all.items().stream()
                        .map(one -> new Listed(one.name(), one.size(), one.createdOn()))
                        .toList(),
                    all.leftOut()));
  }

  @Override
  public ForgeResult<Applied> delete(ForgeRepository repository, String name) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Pool.REPOSITORIES, LISTING, address, client -> client.deleteDownload(address, name))
        .<Applied>map(done -> new Applied())
        .orWhereNotFound(new Applied());
  }

  @Override
  public Upload upload(ForgeRepository repository, String name, long size, Content content) {
    RepositoryAddress address = CloudSession.address(repository);
    ForgeResult<Upload> result =
        session.leased(
            lease ->
                content
                    .open()
                    .map(opened -> upload(lease, address, name, size, opened))
                    .orElseGet(ForgeResult.NotBegun::new));
    return result instanceof ForgeResult.Done<Upload>(Upload upload, OptionalInt status)
        ? upload
        : new Upload.Answered(result.notDone());
  }

  private ForgeResult<Upload> upload(
      Lease lease, RepositoryAddress address, String name, long size, Content.Opened opened) {
    try {
      Uploaded uploaded =
          session
              .uploads(lease)
              .upload(address, new sh.cinch.bitbucket.client.Upload(name, size, opened.bytes()));
      return switch (uploaded) {
        case Uploaded.Answered(var answer) ->
            answered(
                session.reader(UPLOADING, lease, address).read(answer).map(done -> new Applied()));
        case Uploaded.Torn(Throwable cause, boolean begun) ->
            new ForgeResult.Done<>(
                new Upload.Torn(String.valueOf(cause.getMessage())), OptionalInt.empty());
      };
    } finally {
      opened.close().run();
    }
  }

  private static ForgeResult<Upload> answered(ForgeResult<Applied> result) {
    return result instanceof ForgeResult.Done<Applied>
        ? new ForgeResult.Done<>(new Upload.Answered(result), OptionalInt.empty())
        : result.notDone();
  }

  private static String refusal(int status, String explained) {
    if (status == TOO_LARGE) {
      return "Bitbucket refuses the file as too large: %s. It documents no limit; split the file, or keep it elsewhere and link to it"
          .formatted(explained);
    }
    String advice =
        ROOM.matcher(explained).find()
            ? " (to make room, delete downloads that nobody needs any more, or have the"
                + " workspace's storage raised)"
            : "";
    return "Bitbucket refuses it: " + explained + advice;
  }
}
