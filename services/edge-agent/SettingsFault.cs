using Cdr.EdgeAgent.Resident;

namespace Cdr.EdgeAgent;

/// <summary>A setting that cannot be understood. What was given is told to whoever gave it, and is in no report: anything may have been typed there.</summary>
/// <param name="Code"><c>file-unreadable</c>, <c>setting-unknown</c>, <c>variable-unknown</c>, <c>value-invalid</c>.</param>
/// <param name="Key">The setting or variable; null: the file as a whole, or what does not look like one.</param>
/// <param name="File">Where it stands; null: the environment.</param>
/// <param name="Line">From 1; null: not known.</param>
/// <param name="Words">What is wrong.</param>
/// <param name="Next">What to do.</param>
/// <param name="Given">As it was given.</param>
internal sealed record SettingsFault(string Code, string? Key, string? File, int? Line, string Words, string Next, string? Given = null)
{
    // Of a setting's name, or of a variable's.
    private const int LongestKey = 40;

    public AgentReply Reply => new(false, "settings-unreadable", string.Concat(Words, Given is null ? "" : $" Reçu : « {Given} ».", File is null ? "" : $" ({File}{(Line is { } line ? $", ligne {line}" : "")})"), Next);

    public static SettingsFault Unreadable(string file, int? line) => line is { } at
        ? new("file-unreadable", null, file, at, "Ce fichier de réglages n'est pas du JSON lisible.", $"Corrigez la ligne {at} ou celle d'avant : virgule, guillemet ou accolade.")
        : new("file-unreadable", null, file, null, "Ce fichier de réglages ne peut pas être lu.", "Vérifiez qu'il appartient à cet utilisateur ou qu'il a le droit de le lire.");

    private SettingsFault? reported;

    /// <summary>For a report, which others read: only a name that is nearly a setting's is repeated. Whatever else stood there may be somebody's.</summary>
    public SettingsFault Reported => reported ?? this;

    public static SettingsFault Unknown(string key, string? file, int? line, string nearest)
    {
        var nameless = file is null
            ? new SettingsFault("variable-unknown", null, null, null, "Une variable d'environnement CDR_AGENT_… n'existe pas.", "Son nom n'est pas celui d'un réglage : supprimez-la.")
            : new SettingsFault("setting-unknown", null, file, line, $"Un réglage de la ligne {line} n'existe pas.", "Supprimez la ligne, ou donnez-lui le nom d'un réglage.");
        if (!LooksLikeKey(key))
            return nameless;
        var named = file is null
            ? new SettingsFault("variable-unknown", key, null, null, $"La variable d'environnement {key} n'existe pas.", $"La plus proche est {nearest} : corrigez le nom, ou supprimez la variable.")
            : new SettingsFault("setting-unknown", key, file, line, $"Le réglage « {key} » n'existe pas.", $"Le plus proche est « {nearest} » : corrigez le nom, ou supprimez la ligne.");
        return Nearest.IsSlip(key, nearest) ? named : named with { reported = nameless };
    }

    /// <summary>Anything may have been pasted in its place: an address with its password, too.</summary>
    private static bool LooksLikeKey(string key) => key.Length <= LongestKey && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    public static SettingsFault Invalid(string key, string? file, int? line, string accepted, string? given) =>
        new("value-invalid", key, file, line, $"Le réglage « {key} » n'a pas une valeur acceptée.", $"Accepté : {accepted}.", given);
}
