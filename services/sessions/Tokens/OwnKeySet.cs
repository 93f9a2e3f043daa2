using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Tokens;

/// <summary>A host with Sessions in it verifies tokens from the database, where others read the published key set.</summary>
internal sealed class OwnKeySet(SigningKeys keys) : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>
{
    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetConfigurationAsync(cancel);

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new OpenIdConnectConfiguration();
        foreach (var key in await keys.AllAsync(cancel))
            configuration.SigningKeys.Add(key.Key);
        return configuration;
    }

    public override void RequestRefresh()
    {
        // Read at most a minute ago.
    }
}
