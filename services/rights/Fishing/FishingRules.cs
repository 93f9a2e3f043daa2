namespace Cdr.Rights.Fishing;

/// <summary>How far it went.</summary>
internal enum Level
{
    None,

    /// <summary>Nothing is held; operations and data protection hear of it.</summary>
    Told,
    Slowed,
    Stopped,
}

/// <summary>From the last hours to a sign. Pure.</summary>
internal static class FishingRules
{
    /// <summary>Of a card at a desk.</summary>
    /// <param name="window">With the new mark in it.</param>
    /// <param name="mark">Whom the question is about.</param>
    /// <param name="isEmergency">The reason given: a sequence stops it much later.</param>
    /// <param name="now">UTC.</param>
    /// <param name="options">Thresholds.</param>
    public static (Level Level, Sign Sign) OfCard(Window window, Mark mark, bool isEmergency, DateTimeOffset now, FishingOptions options)
    {
        var last = window.Last(now);
        var crowd = mark.IsCrowded ? options.CrowdFactor : 1;
        var isMostMissed = IsMost(last.Missed, last.Settled, options);
        var isNamesMissed = IsMost(last.NamesMissed, last.NamesSettled, options);
        var isAlphabet = window.FollowsAlphabet;
        var worst = (Level.None, Sign.None);
        Reach(window.Sequence(mark), (long)options.SequenceToSlow * crowd, (long)(isEmergency ? options.EmergencySequenceToStop : options.SequenceToStop) * crowd, Sign.Sequence);
        if (isAlphabet && isNamesMissed)
            Reach(last.NamesSettled, options.NamesToSlow / 2, options.NamesToStop / 2, Sign.Alphabet);
        if (isNamesMissed)
            Reach(last.NamesSettled, options.NamesToSlow, options.NamesToStop, Sign.NameList);
        if (isMostMissed)
            Reach(last.Settled, options.MissedToSlow, options.MissedToStop, Sign.NotFound);
        if (isAlphabet)
            Reach(last.Names, options.AlphabetToSlow, long.MaxValue, Sign.Alphabet);
        Reach(last.Persons, options.PersonsToSlow, options.PersonsToStop, Sign.TooMany);
        return worst;

        // A clear sign comes before another of its level.
        void Reach(int count, long slow, long stop, Sign sign)
        {
            var level = count >= stop ? Level.Stopped : count >= slow ? Level.Slowed : Level.None;
            if (level > worst.Item1)
                worst = (level, sign);
        }
    }

    /// <summary>
    /// Of files, where a line has somebody new. They are long, sorted, and of persons whose invoice was rejected, a maternity's newborns among them: only what no
    /// invoicing sends is a sign.
    /// </summary>
    /// <param name="files">With the new mark in it.</param>
    /// <param name="mark">Whom the line is about.</param>
    /// <param name="factor">1 of a card; of an establishment, how many times as much of each.</param>
    /// <param name="now">UTC.</param>
    /// <param name="options">Thresholds.</param>
    public static (Level Level, Sign Sign) OfFiles(Window files, Mark mark, long factor, DateTimeOffset now, FishingOptions options)
    {
        var worst = (Level.None, Sign.None);
        var numbers = files.Sequence(mark);
        var crowd = factor * (mark.IsCrowded ? options.CrowdFactor : 1);
        Reach(numbers, options.FileSequenceToTell * crowd, options.FileSequenceToStop * crowd, Sign.Sequence);
        // A run that this number is not of was judged with its own.
        if (numbers >= options.FileRun * crowd)
            Reach(files.Runs(stem => options.FileRun * factor * (stem.IsCrowded ? options.CrowdFactor : 1)), options.FileRunsToTell, options.FileRunsToStop, Sign.Sequence);
        var last = files.Last(now);
        if (last.Missed >= last.Settled * options.FileMostMissed)
            Reach(last.Settled, options.FileMissedToTell * factor, options.FileMissedToStop * factor, Sign.NotFound);
        Reach(files.Persons, options.FilePersonsToTell * factor, long.MaxValue, Sign.TooMany);
        // What comes after would be seen by none of these; where more are allowed than can be counted, that is meant.
        return files.IsFull(now) && options.FilePersonsADay <= Slot.Most ? (Level.Stopped, Sign.TooMany) : worst;

        void Reach(long count, long tell, long stop, Sign sign)
        {
            var level = count >= stop ? Level.Stopped : count >= tell ? Level.Told : Level.None;
            if (level > worst.Item1)
                worst = (level, sign);
        }
    }

    /// <summary>Whether files have had as many persons as a day's may: somebody new waits.</summary>
    public static bool IsDayFull(Window files, long factor, FishingOptions options) => files.Persons >= options.FilePersonsADay * factor;

    /// <summary>Of all cards of an establishment together. Only the numbers of one stem are ever stopped: never the house.</summary>
    public static (Level Level, Sign Sign) OfEstablishment(Window window, Mark mark, DateTimeOffset now, FishingOptions options)
    {
        var last = window.Last(now);
        var (sequence, crowd) = (window.Sequence(mark), mark.IsCrowded ? options.CrowdFactor : 1);
        // A large house sees many of a town: its cards at work have one each before it is more than chance.
        if (sequence >= Math.Max(options.SequenceToStop * (long)options.EstablishmentFactor, last.Cards) * crowd)
            return (Level.Stopped, Sign.Sequence);
        if (sequence >= Math.Max(options.SequenceToSlow * (long)options.EstablishmentFactor, last.Cards) * crowd)
            return (Level.Slowed, Sign.Sequence);
        // What many honest cards miss together is a bad day of their own: counted for each card at work.
        if (last.Settled >= (long)options.MissedToStop * Math.Max(options.EstablishmentFactor, last.Cards) && IsMost(last.Missed, last.Settled, options))
            return (Level.Slowed, Sign.NotFound);
        // Full, it no longer sees who comes.
        return (window.IsFull(now) && options.EstablishmentPersons <= Slot.Most) || last.Persons >= Math.Max(options.EstablishmentPersons, (long)options.EstablishmentPersonsACard * last.Cards) ? (Level.Slowed, Sign.TooMany) : (Level.None, Sign.None);
    }

    private static bool IsMost(int missed, int of, FishingOptions options) => of > 0 && missed >= of * options.MostMissed;
}
