using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cdr.Architecture.Tests.Rules;

/// <summary>What source files may say.</summary>
internal static partial class SourceRules
{
    private const int MostLines = 400;
    private static readonly string[] EmptyNames = ["Common", "Core", "Utils", "Helpers", "Helper", "Manager", "Managers", "BuildingBlocks"];

    /// <summary>
    /// Which services know a configuration by name. The shared ones do it for all: addresses, keys and stores are settings named by
    /// who asks, which options bound at start cannot be.
    /// </summary>
    private static readonly string[] Registrations = ["Module.cs", "Registration.cs", "Program.cs"];

    private static readonly string[] NamedSettings =
    [
        "shared/Cdr.ServiceDefaults/Identity/ServiceAddresses.cs", "shared/Cdr.ServiceDefaults/Identity/ServiceIdentities.cs",
        "shared/Cdr.ServiceDefaults/Secrets/SecretFiles.cs", "shared/Cdr.ServiceDefaults/Stores/Store.cs", "shared/Cdr.ServiceDefaults/Telemetry.cs",
    ];

    /// <summary>A store has one service, and one name in all: its connection string's and its file's.</summary>
    public static IEnumerable<string> AStoreHasOneService(Tree tree)
    {
        var stores = (from file in tree.Sources("services/")
                      from Match call in StoreCall().Matches(file.Value)
                      let argument = call.Groups["name"].Value
                      let name = argument.StartsWith('"') ? argument.Trim('"') : Regex.Match(file.Value, $"const string {Regex.Escape(argument)} = \"(?<value>[^\"]*)\"").Groups["value"].Value
                      select (Path: file.Key, Service: file.Key.Split('/')[1], Context: call.Groups["context"].Value, Name: name)).ToList();
        foreach (var store in stores.Where(store => !store.Name.Equals(store.Service, StringComparison.OrdinalIgnoreCase)))
            yield return $"{store.Path} opens the store « {store.Name} »: a service's store bears its name";
        foreach (var shared in stores.GroupBy(store => store.Context).Where(same => same.Select(store => store.Service).Distinct().Count() > 1))
            yield return $"{shared.Key} is opened by {string.Join(", ", shared.Select(store => store.Path))}";
        foreach (var file in tree.Sources("services/").Where(file => OtherStoreCall().IsMatch(file.Value)))
            yield return $"{file.Key} registers a context beside AddStore: another service's database would open";
    }

    public static IEnumerable<string> ConfigurationIsReadWhereThingsAreRegistered(Tree tree) =>
        tree.Sources("services/", "shared/")
            .Where(file => ConfigurationUse().IsMatch(WithoutComments(file.Value)))
            .Where(file => !Registrations.Any(name => file.Key.EndsWith(name, StringComparison.Ordinal)) && !NamedSettings.Contains(file.Key))
            .Select(file => $"{file.Key} reads the configuration: take options");

    public static IEnumerable<string> FilesAreRead(Tree tree) =>
        tree.Sources("services/", "shared/").Where(file => file.Value.Split('\n').Length > MostLines).Select(file => $"{file.Key} has over {MostLines} lines");

    public static IEnumerable<string> FoldersSayWhatTheyHold(Tree tree) =>
        tree.Files.Keys.SelectMany(path => path.Split('/').SkipLast(1).SelectMany(folder => folder.Split('.')).Where(EmptyNames.Contains).Select(name => $"{path} lies in « {name} »")).Distinct();

    /// <summary>Adding a regime touches <c>regimes.json</c> only. Comments may give an example.</summary>
    public static IEnumerable<string> NoRegimeIsNamedInCode(Tree tree)
    {
        using var registry = JsonDocument.Parse(tree.Files["shared/regimes.json"]);
        var ids = registry.RootElement.GetProperty("regimes").EnumerateArray().Select(regime => regime.GetProperty("id").GetString()!).ToList();
        var named = new Regex($"""(?<![\w-])(?:{string.Join('|', ids.Select(Regex.Escape))})(?![\w-])""");
        return from file in tree.Sources("services/")
               from Match literal in Literal().Matches(WithoutComments(file.Value))
               where named.IsMatch(literal.Value)
               select $"{file.Key} names a regime: {literal.Value}";
    }

    private static string WithoutComments(string source) => Comment().Replace(source, "");

    [GeneratedRegex("""AddStore<(?<context>\w+)>\((?<name>"[^"]*"|\w+)""")]
    private static partial Regex StoreCall();

    [GeneratedRegex(@"\bAdd(?:Pooled)?DbContext(?:Pool|Factory)?<")]
    private static partial Regex OtherStoreCall();

    [GeneratedRegex(@"\bI?Configuration(?:Root|Section|Manager)?\b\s*(?:\[|\.Get|\w+\s*[,)=;])")]
    private static partial Regex ConfigurationUse();

    // Not after a colon: addresses in literals have two slashes.
    [GeneratedRegex(@"(?<!:)//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("""
        "(?:[^"\\\n]|\\.)*"
        """)]
    private static partial Regex Literal();
}
