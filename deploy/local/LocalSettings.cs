using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration.Memory;

namespace Cdr.Local;

/// <summary>What <c>./run</c> was asked.</summary>
/// <param name="Port">On 127.0.0.1 only. Default 8080, or <c>CDR_PORT</c>.</param>
/// <param name="Data">Folder of all data. Default <c>data</c>.</param>
/// <param name="Fresh">Start over: what the folder holds is removed.</param>
internal sealed record LocalSettings(int Port, string Data, bool Fresh)
{
    // Where the drawer's cards tell their kind (an arc for examples).
    private const string DrawerKindExtension = "2.999.250.2";
    private static readonly string[] Services = ["Sessions", "Rights", "Usage", "Support", "Portal", "Drawer"];

    /// <summary>Where the platform is.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>Folder of the journal's anchors, one a day.</summary>
    public string Anchors => Path.Combine(Data, "anchors");

    /// <summary>Null, said why, when the arguments are not understood.</summary>
    public static LocalSettings? Read(string[] args)
    {
        var (port, data, fresh) = (Environment.GetEnvironmentVariable("CDR_PORT") ?? "8080", "data", false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--fresh":
                    fresh = true;
                    break;
                case "--port" when i + 1 < args.Length:
                    port = args[++i];
                    break;
                case "--data" when i + 1 < args.Length:
                    data = args[++i];
                    break;
                default:
                    Console.Error.WriteLine($"Option inconnue ou incomplète : {args[i]}. Usage : ./run [--port N] [--fresh] [--data DOSSIER]");
                    return null;
            }
        }

        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536)
            return new LocalSettings(number, Path.GetFullPath(data), fresh);
        Console.Error.WriteLine($"« {port} » n'est pas un port : un nombre de 1 à 65535 est attendu.");
        return null;
    }

    /// <summary>False, said so, when somebody listens there: known before anything is removed or opened.</summary>
    public bool PortIsFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, Port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            Console.Error.WriteLine($"Le port {Port} est déjà pris. Choisissez-en un autre : ./run --port {Port + 1} (et un autre dossier, --data DOSSIER, si la plateforme y tourne déjà).");
            return false;
        }
    }

    /// <summary>One address for all services, regimes simulated inside, nothing outside the data folder. The environment may say otherwise.</summary>
    public void Configure(WebApplicationBuilder builder)
    {
        var settings = Services.ToDictionary(service => "Services:" + service, _ => (string?)Address, StringComparer.Ordinal);
        settings["Data:Folder"] = Data;
        settings["Drawer:Embedded"] = "true";
        // 127.0.0.1 has no TLS.
        settings["Portal:SecureCookie"] = "false";
        settings["Sessions:Origin"] = Address;
        settings["Statements:Origin"] = Address;
        settings["Sessions:DirectoryFile"] = Path.Combine(Data, "drawer", "directory.json");
        settings["Sessions:Trust:KindExtension"] = DrawerKindExtension;
        // A card of the drawer is software: several people hold it at once.
        settings["Sessions:Presence:Elsewhere"] = "Stays";
        settings["Regimes:BaseAddress"] = Address + "/";
        // Nobody schedules commands here: the journal is anchored and past traces go by themselves, tickets as well.
        settings["Journal:Upkeep:AnchorFolder"] = Anchors;
        settings["Journal:Upkeep:Purge"] = "true";
        // What would be mailed is a file here.
        settings["Support:Mail:PickupFolder"] = Path.Combine(Data, "mail");
        settings["Support:Mail:Portal"] = Address;
        // And what is answered to it may be put there as one.
        settings["Support:Mail:Inbox:Address"] = "reponses@cdr.invalid";
        settings["Support:Mail:Inbox:DropFolder"] = Path.Combine(Data, "mail", "answers");
        settings["Support:Mail:Inbox:Every"] = "00:00:05";
        settings["Support:Upkeep:Purge"] = "true";
        settings["Support:OrganismFile"] = Path.Combine(AppContext.BaseDirectory, "organisms-example.csv");
        settings["Logging:LogLevel:Default"] = "Warning";
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
        builder.WebHost.UseUrls(Address);
        // Unpublished, the pages' files otherwise come back empty.
        builder.WebHost.UseStaticWebAssets();
        // Ctrl-C is answered soon, whatever is still being made in the background on a first start.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(this);
    }
}
