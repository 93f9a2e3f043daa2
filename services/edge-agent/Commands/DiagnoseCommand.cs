using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.EdgeAgent.Cards;
using Cdr.EdgeAgent.Diagnosis;
using Cdr.EdgeAgent.Pcsc;
using Cdr.EdgeAgent.Posts;
using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent.Commands;

/// <summary>A report for the hotline. Nothing of a person: no name, no number of a card or reader, no digit of a code, no name of a user or of the machine.</summary>
internal static class DiagnoseCommand
{
    /// <summary>For eyes: letters as they are. It stands in no page.</summary>
    private static readonly JsonSerializerOptions Readable = new(AgentSettings.Json) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(CommandLine line, SettingsSources sources, CancellationToken cancellationToken)
    {
        var settings = sources.Settings;
        var now = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.Local);
        CardFamily? family = null;
        PostReport? report = null;
        var cards = Section.Of(() =>
        {
            (var seen, family) = DiagnosedReaders.Cards(new PcscLibrary());
            return seen;
        });
        var post = Section.Of(() => report = new PostProbes(settings, () => AgentAssembly.Readers(new PcscLibrary())).Report(family));
        var told = new Dictionary<string, object?>
        {
            ["done"] = true,
            ["code"] = "diagnosed",
            ["at"] = now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            ["zone"] = TimeZoneInfo.Local.Id,
            ["agent"] = Section.Of(Agent),
            ["settings"] = Section.Of(() => Settings(sources)),
            ["resident"] = await Section.OfAsync(() => ResidentAsync(cancellationToken)),
            ["post"] = post,
            ["policy"] = await Section.OfAsync(async () => report is null ? new DiagnosedPolicy("post-unknown") : await DiagnosedPlatform.PolicyAsync(settings, report, cancellationToken)),
            ["readers"] = Section.Of(DiagnosedReaders.Tell),
            ["cards"] = cards,
            ["pkcs11"] = Section.Of(() => DiagnosedPrograms.Pkcs11(settings)),
            ["pinEntry"] = Section.Of(() => DiagnosedPrograms.PinEntry(settings)),
            ["browser"] = Section.Of(() => DiagnosedPrograms.Browser(settings, report?.Browser)),
            ["platform"] = await Section.OfAsync(async () => await DiagnosedPlatform.TellAsync(settings, cancellationToken)),
        };
        if (line.Output is null)
        {
            if (Voice.TryWrite(Console.Out, JsonSerializer.Serialize(told, line.Json ? Voice.Line : Readable)))
                return ExitCodes.Done;
            Voice.TryWrite(Console.Error, "Le rapport ne peut pas être écrit : la sortie est pleine ou fermée. Donnez un fichier d'un autre disque à --output. (code : output-unwritable)");
            return ExitCodes.Usage;
        }

        try
        {
            await File.WriteAllTextAsync(line.Output, JsonSerializer.Serialize(told, Readable) + "\n", cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Voice(line.Json).Fail(new AgentReply(false, "output-unwritable", $"Le fichier « {line.Output} » ne peut pas être écrit.", "Donnez à --output un fichier d'un dossier qui existe et où vous pouvez écrire."));
        }

        return new Voice(line.Json).Reply(new AgentReply(true, "diagnosed", $"Rapport écrit : {line.Output}"));
    }

    /// <summary>The agent that stays; null: none.</summary>
    private static async Task<object?> ResidentAsync(CancellationToken cancellationToken) => await ControlSocket.AskAsync(new AgentRequest("status"), cancellationToken) switch
    {
        { State: { } state } => state with { Readers = DiagnosedReaders.WithoutSerials(state.Readers) },
        { } silent => new { silent.Code, silent.Words, silent.Next },
        null => null,
    };

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

    /// <summary>Those in force, and what was not understood. The post's label is in what is sent of the post.</summary>
    private static object Settings(SettingsSources sources)
    {
        var settings = sources.Settings;
        var faults = sources.Faults.Select(fault => fault.Reported).Select(fault => new { fault.Code, fault.Key, file = ToldPath.Of(fault.File), fault.Line, fault.Words, fault.Next }).ToList();
        return new
        {
            files = AgentSettings.Files.Where(File.Exists).Select(ToldPath.Of),
            error = faults.FirstOrDefault(),
            otherErrors = faults.Skip(1),
            settings.Platform,
            reader = settings.Reader is { } named ? PostReadings.WithoutSerial(named) : null,
            pkcs11 = ToldPath.Of(settings.Pkcs11),
            settings.PinEntry,
            pinProgram = ToldPath.Of(settings.PinProgram),
            settings.Reset,
            browser = ToldPath.Of(settings.Browser),
            settings.HandOver,
            settings.CryptolibOnServer,
        };
    }
}
