using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.EdgeAgent.Channels;

namespace Cdr.EdgeAgent;

/// <summary>What an establishment says to its posts. Read from the machine's file, then the user's, then the environment (<c>CDR_AGENT_…</c>); the last one wins.</summary>
internal sealed record AgentSettings
{
    /// <value>The platform's one public address: <c>https://cdr.example.fr/</c>. Without it nothing signs in.</value>
    public Uri? Platform { get; init; }

    /// <value>By which the referent knows the post, at most 64 characters. Default: none.</value>
    public string? PostLabel { get; init; }

    /// <value>Only this reader's slot is used. Default: any contact slot with a card of the family.</value>
    public string? Reader { get; init; }

    /// <value>A PKCS#11 library to sign through, instead of the card's own commands; <c>auto</c>: Cryptolib, where it is found in its usual places.</value>
    public string? Pkcs11 { get; init; }

    /// <value>Where the PIN is typed: <c>auto</c> (the system's window; the terminal in which <c>login --ticket</c> signs in by itself), <c>terminal</c>, <c>window</c>.</value>
    public string PinEntry { get; init; } = "auto";

    /// <value>The pinentry program on Linux.</value>
    public string PinProgram { get; init; } = "pinentry";

    /// <value>What becomes of the card's PIN state after use: <c>WhenAlone</c> (reset unless other software is connected), <c>Always</c>, <c>Never</c>.</value>
    public CardReset Reset { get; init; } = CardReset.WhenAlone;

    /// <value>The browser's program; by default the one that the user chose for the system.</value>
    public string? Browser { get; init; }

    /// <value>
    /// How a ticket reaches the browser: <c>file</c> (a page in the user's own folder), <c>address</c> (in the browser's command line: for browsers
    /// that may read no file, such as a snap or a policy's), <c>auto</c> (a file where the host's other users see command lines).
    /// </value>
    public string HandOver { get; init; } = "auto";

    /// <value>Cryptolib is on the server that this session is shown from (Citrix, TSE).</value>
    public bool CryptolibOnServer { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where the settings lie: the machine's, then the user's.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "cdr-agent", "agent.json")
            : OperatingSystem.IsMacOS() ? "/Library/Application Support/cdr-agent/agent.json" : "/etc/cdr-agent/agent.json",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cdr-agent", "agent.json"),
    ];

    /// <summary>Whether the value of one of them can be.</summary>
    internal bool IsValid(string name) => name switch
    {
        "platform" => Platform is null || Platform is { IsAbsoluteUri: true, UserInfo: "" } && (Platform.Scheme == Uri.UriSchemeHttps || Platform is { Scheme: "http", IsLoopback: true }),
        "postLabel" => PostLabel is null or { Length: > 0 and <= 64 },
        "reader" => Reader is not "",
        "pkcs11" => Pkcs11 is not "",
        "pinEntry" => PinEntry is "auto" or "terminal" or "window",
        "pinProgram" => PinProgram is { Length: > 0 },
        "reset" => Enum.IsDefined(Reset),
        "browser" => Browser is not "",
        "handOver" => HandOver is "auto" or "file" or "address",
        _ => true,
    };

    /// <summary>What it can be, in words.</summary>
    internal static string Accepted(string name) => name switch
    {
        "platform" => "une adresse https, sans nom ni mot de passe (http sur ce poste seulement)",
        "postLabel" => "de 1 à 64 caractères",
        "pinEntry" => "auto, terminal, window",
        "reset" => string.Join(", ", Enum.GetNames<CardReset>()),
        "handOver" => "auto, file, address",
        "cryptolibOnServer" => "true, false, 1, 0",
        _ => "un texte, qui n'est pas vide",
    };
}
