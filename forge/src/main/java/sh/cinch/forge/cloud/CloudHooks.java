package sh.cinch.forge.cloud;

import sh.cinch.bitbucket.OpaqueToken;
import sh.cinch.bitbucket.client.HookRequest;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.forge.Applied;
import sh.cinch.forge.ForgeHooks;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;

record CloudHooks(CloudSession session) implements ForgeHooks {

  @Override
  public ForgeResult<Listing> list(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Pool.WEBHOOKS, Advice.READING, address, client -> client.hooks(address))
        .map(all -> session.odd().told("webhooks", all))
        .map(
            all -> new Listing(all.items().stream().map(CloudHooks::hook).toList(), all.leftOut()));
  }

  @Override
  public ForgeResult<Hook> create(ForgeRepository repository, Request hook) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(
            Pool.WEBHOOKS,
            Advice.WRITING,
            address,
            client -> client.createHook(address, request(hook)))
        .map(CloudHooks::hook);
  }

  @Override
  public ForgeResult<Hook> update(ForgeRepository repository, String id, Request hook) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(
            Pool.WEBHOOKS,
            Advice.WRITING,
            address,
            client -> client.updateHook(address, uuid(id), request(hook)))
        .map(CloudHooks::hook);
  }

  @Override
  public ForgeResult<Applied> delete(ForgeRepository repository, String id) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Pool.WEBHOOKS, Advice.WRITING, address, client -> client.deleteHook(address, uuid(id)))
        .<Applied>map(done -> new Applied())
        .orWhereNotFound(new Applied());
  }

  private static HookUuid uuid(String id) {
    return HookUuid.parse(id)
        .orElseThrow(() -> new IllegalArgumentException("not the id of a webhook: " + id));
  }

  private static HookRequest request(Request hook) {
    return new HookRequest(
        hook.description(),
        hook.url(),
        hook.events(),
        hook.secret().map(secret -> new OpaqueToken(secret.reveal())));
  }

  private static Hook hook(sh.cinch.bitbucket.client.Hook hook) {
    return new Hook(
        hook.uuid().value(), hook.url(), hook.active(), hook.events(), hook.secretSet());
  }
}
