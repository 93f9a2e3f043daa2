using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>The file as <c>rest</c> and <c>soap</c> both lay it out.</summary>
internal sealed class AnswerBody(IAnswerSink sink, Vocabulary vocabulary)
{
    private static readonly DateOnly LastDay = new(9999, 12, 31);

    public void Write(Reply reply)
    {
        sink.Text(Member.Statut, vocabulary.Status(reply));
        switch (reply)
        {
            case Reply.Found found:
                sink.Begin(Member.Dossier);
                WriteFile(found);
                sink.End();
                break;
            case Reply.Candidates candidates:
                WriteList(Member.Candidats, candidates.All, WriteCandidate);
                break;
            case Reply.Moved moved:
                sink.Begin(Member.Mutation);
                sink.Text(Member.VersRegime, moved.ToRegime);
                Day(Member.Depuis, moved.Since);
                sink.End();
                break;
            case Reply.Refused refused:
                sink.Begin(Member.Erreur);
                sink.Text(Member.Code, refused.Code);
                sink.Text(Member.Libelle, refused.Label);
                sink.End();
                break;
        }
    }

    /// <summary>The members of <c>dossier</c>.</summary>
    public void WriteFile(Reply.Found found)
    {
        var rights = found.Beneficiary.Rights;
        sink.Begin(Member.Assure);
        sink.Text(Member.Nir, found.Insured.Nir);
        sink.Text(Member.Nom, found.Insured.Person.FamilyName);
        sink.Text(Member.Prenom, found.Insured.Person.GivenName);
        sink.End();
        sink.Begin(Member.Beneficiaire);
        WritePerson(found.Beneficiary.Person, found.Beneficiary.Person.Nir, found.Beneficiary.Rank);
        sink.Text(Member.Qualite, found.Beneficiary.Quality.Code);
        sink.End();
        sink.Begin(Member.Organisme);
        sink.Text(Member.Regime, rights.Organism.RegimeCode);
        sink.Text(Member.Caisse, rights.Organism.Caisse);
        sink.Text(Member.Centre, rights.Organism.Centre);
        sink.Text(Member.Libelle, rights.OrganismLabel);
        Optional(Member.CodeGestion, rights.ManagementCode);
        Optional(Member.CentreGestion, rights.ManagementCentre);
        sink.End();
        WriteRights(rights);
        Optional(Member.SpecificiteContrat, rights.ContractSpecificity);
    }

    private void WriteRights(SimulatedRights rights)
    {
        WriteList(Member.DroitsBase, rights.Base, Period);
        WriteList(Member.Exonerations, rights.Exemptions, right => WriteRight(Member.Exonerations, right));
        WriteList(Member.Modulations, rights.Modulations, right => WriteRight(Member.Modulations, right));
        WriteList(Member.Situations, rights.Situations, situation =>
        {
            sink.Text(Member.Code, vocabulary.Code(Member.Situations, situation.Code));
            Period(situation.Period);
            Optional(Member.OrganismeComplementaire, situation.Body?.Value);
            if (situation.WithParticipation is { } participation)
                sink.Flag(Member.Participation, participation);
        });
        WriteList(Member.Maternites, rights.Maternities, maternity =>
        {
            Period(maternity.Period);
            Optional(Member.Organisme, maternity.Organism?.Value);
        });
        WriteList(Member.AccidentsTravail, rights.WorkAccidents, accident =>
        {
            sink.Text(Member.Numero, accident.Number);
            OptionalDay(Member.Date, accident.Date);
            if (accident.Period is not null)
                Period(accident.Period);
        });
        if (rights.AttendingPhysician is { } physician)
            WritePhysician(physician);
    }

    private void WritePhysician(SimulatedAttendingPhysician physician)
    {
        sink.Begin(Member.MedecinTraitant);
        sink.Flag(Member.Declare, physician.IsDeclared);
        Optional(Member.Nom, physician.Name);
        Optional(Member.Numero, physician.Rpps);
        // Declared without a period is not a period without end.
        OptionalDay(Member.Debut, physician.Start);
        if (physician.Start is not null)
            End(physician.End);
        sink.End();
    }

    private void WriteCandidate(Candidate candidate) =>
        WritePerson(candidate.Beneficiary.Person, candidate.Insured.Nir, candidate.Beneficiary.Rank);

    private void WritePerson(SimulatedPerson person, string? nir, int rank)
    {
        Optional(Member.Nir, nir);
        sink.Text(Member.Nom, person.FamilyName);
        Optional(Member.NomUsage, person.NameInUse);
        sink.Text(Member.Prenom, person.GivenName);
        sink.Text(Member.DateNaissance, vocabulary.Dates.Write(person.BirthDate));
        sink.Number(Member.RangNaissance, rank);
    }

    private void WriteRight(Member section, SimulatedRight right)
    {
        sink.Text(Member.Code, vocabulary.Code(section, right.Code));
        Period(right.Period);
    }

    private void Period(CarePeriod period)
    {
        Day(Member.Debut, period.Start);
        End(period.End);
    }

    private void End(DateOnly? end)
    {
        if (end is { } day)
            Day(Member.Fin, day);
        else if (vocabulary.OpenEnd == "max")
            Day(Member.Fin, LastDay);
        else if (vocabulary.OpenEnd == "null")
            sink.Null(Member.Fin);
    }

    private void WriteList<T>(Member list, IReadOnlyList<T> items, Action<T> write)
    {
        sink.BeginList(list);
        foreach (var item in items)
        {
            sink.BeginItem(list);
            write(item);
            sink.End();
        }

        sink.EndList();
    }

    private void Day(Member member, DateOnly day) => sink.Text(member, vocabulary.Dates.Write(day));

    private void OptionalDay(Member member, DateOnly? day)
    {
        if (day is { } known)
            Day(member, known);
    }

    private void Optional(Member member, string? value)
    {
        if (value is not null)
            sink.Text(member, value);
    }
}
