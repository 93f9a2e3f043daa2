using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Channels;
using Cdr.EdgeAgent.Commands;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Diagnosis;

/// <summary>The card service, its readers, and what their cards say without a PIN.</summary>
internal static class DiagnosedReaders
{
    // Not on every user's PATH.
    private static readonly string[] Daemons = ["pcscd", "/usr/sbin/pcscd"];

    public static object Tell()
    {
        IReadOnlyList<ReaderState> slots = [];
        uint? error = null;
        try
        {
            slots = WithoutSerials(ReadersCommand.Look(new PcscLibrary()));
        }
        catch (PcscException e)
        {
            error = e.Code;
        }

        var version = Version();
        var (state, words, next) = State(error, version is not null);
        return new
        {
            service = OperatingSystem.IsWindows() ? "SCardSvr" : OperatingSystem.IsMacOS() ? "PCSC.framework" : "pcscd",
            version,
            state,
            words,
            next,
            library = PcscLibrary.FileName,
            error = error?.ToString("X8", CultureInfo.InvariantCulture),
            slots,
        };
    }

    /// <summary>A serial number names one device among all.</summary>
    public static List<ReaderState> WithoutSerials(IReadOnlyList<ReaderState> slots) => [.. slots.Select(slot => slot with { Name = PostReadings.WithoutSerial(slot.Name) })];

    /// <summary>What each card says without a PIN; of its certificate only dates and issuer.</summary>
    public static (List<object> Cards, CardFamily? First) Cards(IPcsc pcsc)
    {
        using var door = new CardDoor(pcsc, null, TimeProvider.System);
        var cards = new List<object>();
        CardFamily? first = null;
        try
        {
            foreach (var slot in ReadersCommand.Look(pcsc).Where(slot => slot.SignsIn))
            {
                using var signer = door.Open(slot.Name);
                var reader = PostReadings.WithoutSerial(slot.Name);
                var reading = signer.Read();
                if (reading is CardReading.Read { Card: var read })
                    first ??= read.Family;
                cards.Add(reading switch
                {
                    CardReading.Read { Card: var card } => Facts(reader, card),
                    CardReading.Failed { Why: var why } => Trouble(reader, AgentWords.Of(why)),
                    _ => new { reader },
                });
                signer.Leave(CardReset.Never);
            }
        }
        catch (PcscException)
        {
            // Said above already.
        }

        return (cards, first);
    }

    /// <summary>What a code of the service means, in words.</summary>
    internal static (string State, string Words, string? Next) State(uint? error, bool isInstalled) => error switch
    {
        null => ("answers", "Le service répond.", null),
        PcscCodes.NoLibrary => ("library-missing", "La bibliothèque PC/SC n'est pas installée : aucun lecteur ne peut être lu.", "Installez pcscd et sa bibliothèque (libpcsclite1)."),
        PcscCodes.NoService or PcscCodes.ServiceStopped when OperatingSystem.IsLinux() => isInstalled
            ? ("stopped", "Le service des lecteurs (pcscd) est installé, et il est arrêté ou ne répond pas.", AgentWords.StartService)
            : ("not-installed", "Le service des lecteurs (pcscd) n'est pas installé.", "Installez le paquet pcscd."),
        PcscCodes.NoService or PcscCodes.ServiceStopped => ("stopped", "Le service des lecteurs est arrêté ou ne répond pas.", AgentWords.StartService),
        _ => ("failed", "Le service des lecteurs a répondu par une erreur.", "Redémarrez-le, et rebranchez le lecteur."),
    };

    private static string? Version() => OperatingSystem.IsLinux() ? Daemons.Select(daemon => PostReadings.Version(ProgramOutput.Of(daemon, "--version"))).FirstOrDefault(version => version is not null) : null;

    private static object Trouble(string reader, AgentReply told) => new { reader, trouble = told.Code, told.Words, told.Next };

    private static object Facts(string reader, CardFacts card)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(card.Certificate);
        return new
        {
            reader,
            family = card.Family.Name(),
            triesLeft = card.TriesLeft,
            notBefore = certificate.NotBefore.ToUniversalTime(),
            notAfter = certificate.NotAfter.ToUniversalTime(),
            issuer = certificate.IssuerName.Name,
            keyBits = certificate.GetRSAPublicKey()?.KeySize,
        };
    }
}
