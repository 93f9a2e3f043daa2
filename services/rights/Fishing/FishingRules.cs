namespace Cdr.Rights.Fishing;

/// <summary>How far it went.</summary>
internal enum Level
{
    None,
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
    /// Of a card's files, where a line has somebody new. They are long, sorted, and of persons whose invoice was rejected, a maternity's newborns among them: only what no
    /// invoicing sends is a sign.
    /// </summary>
    public static (Level Level, Sign Sign) OfFiles(Window files, Mark mark, DateTimeOffset now, FishingOptions options)
    {
        if (files.Sequence(mark) >= (long)options.FileSequenceToStop * (mark.IsCrowded ? options.CrowdFactor : 1))
            return (Level.Stopped, Sign.Sequence);
        var last = files.Last(now);
        return last.Settled >= options.FileMissedToStop && last.Missed >= last.Settled * options.FileMostMissed ? (Level.Stopped, Sign.NotFound) : (Level.None, Sign.None);
    }

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
        return last.Persons >= Math.Max(options.EstablishmentPersons, (long)options.EstablishmentPersonsACard * last.Cards) ? (Level.Slowed, Sign.TooMany) : (Level.None, Sign.None);
    }

    private static bool IsMost(int missed, int of, FishingOptions options) => of > 0 && missed >= of * options.MostMissed;
}
