using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.HandOver;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Pins;
using Cdr.EdgeAgent.Pkcs11;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>A report for the hotline. Nothing of a person: no name, no number of a card or reader, no digit of a code, no name of a user or of the machine.</summary>
internal static class DiagnoseCommand
{
    public static async Task<int> RunAsync(CommandLine line, AgentSettings settings, CancellationToken cancellationToken)
    {
        var report = new Dictionary<string, object?>
        {
            ["agent"] = Agent(),
            ["settings"] = settings with { Reader = settings.Reader is { } named ? PostReadings.WithoutSerial(named) : null },
            ["settingsFiles"] = AgentSettings.Files.Where(File.Exists),
            ["resident"] = (await ControlSocket.AskAsync(new AgentRequest("status"), cancellationToken))?.State is { } state ? state with { Readers = WithoutSerials(state.Readers) } : null,
            ["post"] = new PostProbes(settings, () => AgentAssembly.Readers(new PcscLibrary())).Report(null),
            ["readers"] = Readers(),
            ["cards"] = Cards(),
            ["pkcs11"] = Pkcs11(settings),
            ["pinEntry"] = PinEntry(settings),
            ["handOver"] = new BrowserOpener(settings).ByFile ? "file" : "address",
            ["platform"] = await PlatformAsync(settings, cancellationToken),
        };
        var text = WithoutHome(JsonSerializer.Serialize(report, AgentSettings.Json));
        if (line.Output is null)
        {
            Console.Out.WriteLine(text);
            return ExitCodes.Done;
        }

        try
        {
            await File.WriteAllTextAsync(line.Output, text + "\n", cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Voice(line.Json).Fail("output-unwritable", "Le fichier du rapport ne peut pas être écrit.");
        }

        return new Voice(line.Json).Reply(new AgentReply(true, "diagnosed", $"Rapport écrit : {line.Output}"));
    }

    /// <summary>Paths of a user's files name the user.</summary>
    private static string WithoutHome(string text)
    {
        var home = JsonEncodedText.Encode(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)).ToString();
        return home.Length > 1 ? text.Replace(home, "~", StringComparison.OrdinalIgnoreCase) : text;
    }

    private static object Agent()
    {
        using var self = Process.GetCurrentProcess();
        return new
        {
            version = PostProbes.AgentVersion,
            runtime = RuntimeInformation.FrameworkDescription,
            architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            osSession = OsSession.Number,
            shared = OsSession.IsShared,
            memory = self.WorkingSet64 / (1024 * 1024),
        };
    }

    /// <summary>A serial number names one device among all.</summary>
    private static List<ReaderState> WithoutSerials(IReadOnlyList<ReaderState> slots) => [.. slots.Select(slot => slot with { Name = PostReadings.WithoutSerial(slot.Name) })];

    private static object Readers()
    {
        try
        {
            return new { library = PcscLibrary.FileName, error = (string?)null, slots = WithoutSerials(ReadersCommand.Look(new PcscLibrary())) };
        }
        catch (PcscException e)
        {
            return new { library = PcscLibrary.FileName, error = e.Code.ToString("X8", CultureInfo.InvariantCulture), slots = (IReadOnlyList<ReaderState>)[] };
        }
    }

    /// <summary>What each card says without a PIN; of its certificate only dates and issuer.</summary>
    private static List<object> Cards()
    {
        var pcsc = new PcscLibrary();
        using var door = new CardDoor(pcsc, null, TimeProvider.System);
        var cards = new List<object>();
        try
        {
            foreach (var slot in ReadersCommand.Look(pcsc).Where(slot => slot.SignsIn))
            {
                using var signer = door.Open(slot.Name);
                var reader = PostReadings.WithoutSerial(slot.Name);
                cards.Add(signer.Read() switch
                {
                    CardReading.Read { Card: var card } => Facts(reader, card),
                    CardReading.Failed { Why: var why } => new { reader, trouble = why.ToString() },
                    _ => new { reader },
                });
                signer.Leave(CardReset.Never);
            }
        }
        catch (PcscException)
        {
            // Said above already.
        }

        return cards;
    }

    private static object Facts(string reader, CardFacts card)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(card.Certificate);
        return new
        {
            reader,
            family = card.Family.Name(),
            triesLeft = card.TriesLeft,
            notBefore = certificate.NotBefore.ToUniversalTime(),
            notAfter = certificate.NotAfter.ToUniversalTime(),
            issuer = certificate.IssuerName.Name,
            keyBits = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate)?.KeySize,
        };
    }

    private static object Pkcs11(AgentSettings settings)
    {
        var found = Pkcs11Places.Usual.Where(File.Exists).ToList();
        if (settings.Pkcs11 is null || Pkcs11Places.Find(settings.Pkcs11) is not { } library)
            return new { configured = settings.Pkcs11, found, loads = (bool?)null, tokens = (int?)null };
        using var tokens = Pkcs11Tokens.Load(library);
        return new { configured = settings.Pkcs11, found, loads = (bool?)(tokens is not null), tokens = tokens?.Present().Count };
    }

    private static object PinEntry(AgentSettings settings) => new
    {
        setting = settings.PinEntry,
        terminal = TerminalPin.IsThere,
        pinentry = OperatingSystem.IsLinux() ? PostReadings.Version(ProgramOutput.Of(settings.PinProgram, "--version")) : null,
    };

    /// <summary>Whether it answers, and how far this machine's clock is from its own.</summary>
    private static async Task<object> PlatformAsync(AgentSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Platform is not { } address)
            return new { set = false };
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await client.GetAsync(new Uri(address, ".well-known/jwks.json"), cancellationToken);
            var skew = response.Headers.Date is { } date ? (TimeProvider.System.GetUtcNow() - date).TotalSeconds : (double?)null;
            return new { set = true, answers = true, status = (int)response.StatusCode, clockAheadSeconds = skew is { } seconds ? Math.Round(seconds) : (double?)null };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new { set = true, answers = false, error = (e as HttpRequestException)?.HttpRequestError.ToString() ?? "Timeout" };
        }
    }
}
