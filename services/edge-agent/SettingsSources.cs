using System.Collections;
using System.Text.Json;
using System.Text;

namespace Cdr.EdgeAgent;

/// <summary>
/// The settings, from the machine's file, then the user's, then the environment. What cannot be understood is left out and told: a command
/// that needs settings stops at the first, a diagnosis goes on without them.
/// </summary>
internal sealed class SettingsSources
{
    private const string Prefix = "CDR_AGENT_";
    private static readonly StringComparison Variables = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    private static readonly string[] Names = [.. typeof(AgentSettings).GetProperties().Where(property => property.CanWrite).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];
    private static readonly string[] Switches = [.. typeof(AgentSettings).GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(bool)).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];

    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly List<SettingsFault> faults = [];

    private SettingsSources(IEnumerable<string> files, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var file in files.Where(File.Exists))
            TakeFile(file);
        foreach (var (variable, value) in environment.Where(one => one.Value.Length > 0 && one.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).OrderBy(one => one.Key, StringComparer.Ordinal))
            TakeVariable(variable, value);
        Settings = JsonSerializer.SerializeToElement(members).Deserialize<AgentSettings>(AgentSettings.Json)!;
    }

    /// <summary>What was understood; the rest by default.</summary>
    public AgentSettings Settings { get; }

    public IReadOnlyList<SettingsFault> Faults => faults;

    public static SettingsSources Read() => Read(AgentSettings.Files, Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(one => (string)one.Key, one => (string?)one.Value ?? ""));

    internal static SettingsSources Read(IEnumerable<string> files, IReadOnlyDictionary<string, string> environment) => new(files, environment);

    private void TakeFile(string file)
    {
        byte[] bytes;
        Dictionary<string, JsonElement> told;
        try
        {
            // An editor's mark at the beginning is no part of the text.
            bytes = Encoding.UTF8.GetBytes(File.ReadAllText(file));
            told = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(bytes, AgentSettings.Json) ?? [];
        }
        catch (JsonException e)
        {
            faults.Add(SettingsFault.Unreadable(file, (int)(e.LineNumber ?? 0) + 1));
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(SettingsFault.Unreadable(file, null));
            return;
        }

        foreach (var (key, value) in told)
        {
            if (Names.FirstOrDefault(name => name.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } name)
                Take(name, name, value, file, LineOf(bytes, key));
            else
                faults.Add(SettingsFault.Unknown(key, file, LineOf(bytes, key), Nearest.Of(key, Names)));
        }
    }

    private void TakeVariable(string variable, string value)
    {
        if (Names.FirstOrDefault(name => VariableOf(name).Equals(variable, Variables)) is not { } name)
        {
            faults.Add(SettingsFault.Unknown(variable, null, null, Nearest.Of(variable, Names.Select(VariableOf))));
            return;
        }

        Take(name, VariableOf(name), JsonSerializer.SerializeToElement(value), null, null);
    }

    private void Take(string name, string key, JsonElement value, string? file, int? line)
    {
        if (Switches.Contains(name) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && Switched(value.ToString()) is { } on)
            value = JsonSerializer.SerializeToElement(on);
        if (IsValid(name, value))
            members[name] = value;
        else
            faults.Add(SettingsFault.Invalid(key, file, line, AgentSettings.Accepted(name), MayBeRepeated(name) ? value.ToString() : null));
    }

    /// <summary>An address may bear a name and a password.</summary>
    private static bool MayBeRepeated(string name) => name != "platform";

    private static bool? Switched(string told) => told switch
    {
        "1" => true,
        "0" => false,
        _ => bool.TryParse(told, out var on) ? on : null,
    };

    private static bool IsValid(string name, JsonElement value)
    {
        try
        {
            return JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [name] = value }).Deserialize<AgentSettings>(AgentSettings.Json)!.IsValid(name);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string VariableOf(string name) => Prefix + name.ToUpperInvariant();

    /// <summary>Of a member of the whole, from 1.</summary>
    private static int LineOf(byte[] bytes, string key)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var line = 0;
        while (reader.Read())
        {
            // The last of two that are alike: it is the one that counts.
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(key))
                line = bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
        }

        return line;
    }
}
