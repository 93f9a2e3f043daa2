using Microsoft.Extensions.Configuration;

namespace Cdr.ServiceDefaults.Identity;

/// <summary>Base addresses of the services: <c>Services:{Name}</c>.</summary>
public sealed class ServiceAddresses(IConfiguration configuration)
{
    /// <summary>Absolute, with a slash at its end.</summary>
    public Uri Of(string service)
    {
        var text = configuration[$"Services:{service}"];
        // On Unix « / » alone is an absolute address too, of a file.
        return Uri.TryCreate(text?.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidOperationException($"Services:{service} is not an absolute address.");
    }

    /// <summary>Whether the address is configured at all.</summary>
    public bool Knows(string service) => !string.IsNullOrEmpty(configuration[$"Services:{service}"]);
}
