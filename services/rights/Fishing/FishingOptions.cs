using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Fishing;

/// <summary>
/// From when on a card, or an establishment, no longer looks like people at work. Section <c>Fishing</c>. The defaults follow from the load
/// that is known (decision 0026); what an instance sees in its own metrics is better.
/// </summary>
internal sealed class FishingOptions
{
    public const string Section = "Fishing";

    /// <value>Default true. False: nothing is watched, and nobody stopped.</value>
    public bool Enabled { get; init; } = true;

    /// <value>Default 240: distinct persons a card asks about in an hour before it is slowed. A clerk at the peak of an emergency department asks about 60.</value>
    [Range(1, int.MaxValue)]
    public int PersonsToSlow { get; init; } = 240;

    /// <value>Default 600: before it is stopped.</value>
    [Range(1, int.MaxValue)]
    public int PersonsToStop { get; init; } = 600;

    /// <value>Default 8: distinct numbers of one sex, month and commune of birth in 24 hours before the card is slowed.</value>
    [Range(2, int.MaxValue)]
    public int SequenceToSlow { get; init; } = 8;

    /// <value>Default 12: before it is stopped.</value>
    [Range(2, int.MaxValue)]
    public int SequenceToStop { get; init; } = 12;

    /// <value>Default 60: before even its emergencies are stopped.</value>
    [Range(2, int.MaxValue)]
    public int EmergencySequenceToStop { get; init; } = 60;

    /// <value>Default 5: how many times as many where they were born in the last two years, or abroad. A maternity's and a paediatric ward's patients follow one another, and a country is one commune.</value>
    [Range(1, 1000)]
    public int CrowdFactor { get; init; } = 5;

    /// <value>Default 40: persons asked about in an hour, most of them not found, before the card is slowed.</value>
    [Range(2, int.MaxValue)]
    public int MissedToSlow { get; init; } = 40;

    /// <value>Default 80: before it is stopped.</value>
    [Range(2, int.MaxValue)]
    public int MissedToStop { get; init; } = 80;

    /// <value>Default 25: names asked in an hour, most of them not found, before the card is slowed.</value>
    [Range(2, int.MaxValue)]
    public int NamesToSlow { get; init; } = 25;

    /// <value>Default 50: before it is stopped. Names that follow the alphabet: half as many, whatever the reason given.</value>
    [Range(2, int.MaxValue)]
    public int NamesToStop { get; init; } = 50;

    /// <value>Default 100: names in the order of the alphabet in an hour before the card is slowed, even where they are found.</value>
    [Range(2, int.MaxValue)]
    public int AlphabetToSlow { get; init; } = 100;

    /// <value>Default 0.6: from which share of not found on it is « most ».</value>
    [Range(0.05, 1)]
    public double MostMissed { get; init; } = 0.6;

    /// <value>Default 75: distinct numbers of one sex, month and commune of birth in a card's files of 24 hours before operations are told.</value>
    [Range(2, int.MaxValue)]
    public int FileSequenceToTell { get; init; } = 75;

    /// <value>Default 150: before its files are stopped. In a commune with 3,000 births a year there are 125.</value>
    [Range(2, int.MaxValue)]
    public int FileSequenceToStop { get; init; } = 150;

    /// <value>Default 12: from how many numbers of one sex, month and commune of birth on a card's files of 24 hours have a run of them. Of 3,000 persons, all born in one commune with 3,000 births a year, hardly one.</value>
    [Range(2, int.MaxValue)]
    public int FileRun { get; init; } = 12;

    /// <value>Default 2: runs before operations are told.</value>
    [Range(1, int.MaxValue)]
    public int FileRunsToTell { get; init; } = 2;

    /// <value>Default 5: runs before the card's files are stopped.</value>
    [Range(1, int.MaxValue)]
    public int FileRunsToStop { get; init; } = 5;

    /// <value>Default 200: persons of a card's files in an hour, nearly all of them not found, before operations are told.</value>
    [Range(2, int.MaxValue)]
    public int FileMissedToTell { get; init; } = 200;

    /// <value>Default 400: before its files are stopped.</value>
    [Range(2, int.MaxValue)]
    public int FileMissedToStop { get; init; } = 400;

    /// <value>Default 3,000: distinct persons of a card's files in 24 hours before operations are told.</value>
    [Range(1, int.MaxValue)]
    public int FilePersonsToTell { get; init; } = 3000;

    /// <value>Default 5,000: the most; whoever comes after them waits until the first of them are a day old.</value>
    [Range(1, int.MaxValue)]
    public int FilePersonsADay { get; init; } = 5000;

    /// <value>Default 3: how many times as much of each of these all files of an establishment have together.</value>
    [Range(1, 1000)]
    public int FileEstablishmentFactor { get; init; } = 3;

    /// <value>Default 0.9: from which share of not found on it is « nearly all ». Rejected invoices are of persons of whom many are not found.</value>
    [Range(0.05, 1)]
    public double FileMostMissed { get; init; } = 0.9;

    /// <value>Default 5,000: distinct persons in an hour before a whole establishment is slowed, or <see cref="EstablishmentPersonsACard"/> for each card at work there where that is more.</value>
    [Range(1, int.MaxValue)]
    public int EstablishmentPersons { get; init; } = 5000;

    /// <value>Default 120.</value>
    [Range(1, int.MaxValue)]
    public int EstablishmentPersonsACard { get; init; } = 120;

    /// <value>Default 5: how many times a card's numbers of one month and commune, or misses, all cards of an establishment have together.</value>
    [Range(1, 1000)]
    public int EstablishmentFactor { get; init; } = 5;

    /// <value>Default 2 s: who is slowed asks once in this time.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(2);

    /// <value>Default 6 s: longer nobody is kept waiting; they are told when to come back.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(6);

    /// <value>Default 10 minutes: how long a card stays slowed after the last sign.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>Default one hour, unless operations lift it.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan StopFor { get; init; } = TimeSpan.FromHours(1);
}
