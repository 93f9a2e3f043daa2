namespace Cdr.Testing.Platforms;

/// <summary>A few cards ask for everybody in a test or a bench: they are watched as always, and nothing is where it ends.</summary>
public static class OneCard
{
    private const string Never = "20000000";

    /// <summary>Settings of Rights.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> AsksForEverybody { get; } =
    [
        .. from limit in new[] { "PersonsToSlow", "PersonsToStop", "EstablishmentPersons", "SequenceToSlow", "SequenceToStop", "MissedToSlow", "MissedToStop", "NamesToSlow", "NamesToStop", "AlphabetToSlow", "FilePersonsToTell", "FilePersonsADay", "FileRunsToTell", "FileRunsToStop", "FileMissedToTell", "FileMissedToStop", "FileSequenceToTell", "FileSequenceToStop" }
           select new KeyValuePair<string, string?>("Fishing:" + limit, Never),
    ];
}
