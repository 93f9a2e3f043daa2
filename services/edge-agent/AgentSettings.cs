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

    /// <summary>Null, and a sentence, when they cannot be understood.</summary>
    public static AgentSettings? Load(out string? fault) => Load(Files, Environment.GetEnvironmentVariable, out fault);

    internal static AgentSettings? Load(IEnumerable<string> files, Func<string, string?> environment, out string? fault)
    {
        fault = null;
        var members = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        var properties = typeof(AgentSettings).GetProperties().Where(property => property.CanWrite).ToList();
        foreach (var file in files.Where(File.Exists))
        {
            try
            {
                foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(file), Json) ?? [])
                    members[name] = value;
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                fault = $"Les réglages de {file} ne sont pas lisibles.";
                return null;
            }
        }

        foreach (var property in properties)
        {
            if (environment("CDR_AGENT_" + property.Name.ToUpperInvariant()) is { Length: > 0 } value)
                members[property.Name] = property.PropertyType == typeof(bool) ? JsonSerializer.SerializeToElement(value == "true") : JsonSerializer.SerializeToElement(value);
        }

        if (members.Keys.FirstOrDefault(name => properties.All(property => !property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown)
        {
            fault = $"Le réglage « {unknown} » n'existe pas.";
            return null;
        }

        try
        {
            var settings = JsonSerializer.SerializeToElement(members).Deserialize<AgentSettings>(Json)!;
            fault = settings.Fault();
            return fault is null ? settings : null;
        }
        catch (JsonException e)
        {
            fault = $"Le réglage « {e.Path?.TrimStart('$', '.')} » n'a pas une valeur attendue.";
            return null;
        }
    }

    private string? Fault()
    {
        if (Platform is { } platform && !(platform.IsAbsoluteUri && (platform.Scheme == Uri.UriSchemeHttps || platform is { Scheme: "http", IsLoopback: true })))
            return "Le réglage « platform » doit être une adresse https.";
        if (PinEntry is not ("auto" or "terminal" or "window"))
            return "Le réglage « pinEntry » vaut auto, terminal ou window.";
        if (HandOver is not ("auto" or "file" or "address"))
            return "Le réglage « handOver » vaut auto, file ou address.";
        return PostLabel is { Length: > 64 } ? "Le réglage « postLabel » a 64 caractères au plus." : null;
    }
}
