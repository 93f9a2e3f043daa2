using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cdr.Sessions.Software;

/// <summary>What software clients are made of.</summary>
internal static class SoftwareModule
{
    public static void AddSoftware(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SoftwareOptions>().BindConfiguration(SoftwareOptions.Section)
            .Validate(software => software.AreComplete, "Sessions:Software:Grades: each grade needs a Name and an Issuer.").ValidateOnStart();
        builder.Services.AddSingleton<SoftwareCertificates>().AddSingleton<SoftwareAssertions>().AddSingleton<SoftwareSessions>();
        builder.Services.AddSingleton<SoftwareRevocation>().AddHostedService(services => services.GetRequiredService<SoftwareRevocation>());
        builder.Services.AddSingleton<IStartupFilter>(services => new MutualDoor(MutualPorts(services.GetRequiredService<IConfiguration>())));
        // On an HTTPS address that asks for certificates (Kestrel:Endpoints), the handshake proves the key; whose it is, and whether it is
        // believed, SoftwareCertificates says. The machine's own trust would refuse the structures' issuers and believe everybody else's.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureHttpsDefaults(https => https.AllowAnyClientCertificate()));
    }

    private static HashSet<int> MutualPorts(IConfiguration configuration) =>
    [
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => endpoint["ClientCertificateMode"] is { Length: > 0 } mode && !mode.Equals("NoCertificate", StringComparison.OrdinalIgnoreCase) && endpoint["Url"] is not null)
            .Select(endpoint => BindingAddress.Parse(endpoint["Url"]!).Port),
    ];
}
