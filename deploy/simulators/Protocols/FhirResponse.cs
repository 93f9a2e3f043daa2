using System.Globalization;
using System.Text.Json;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>Writes a CoverageEligibilityResponse.</summary>
internal sealed class FhirResponse(Utf8JsonWriter writer, Vocabulary vocabulary, string insurer)
{
    private readonly FhirElements elements = new(writer, vocabulary);

    private FhirRights Rights => new(writer, elements, vocabulary);

    public void Write(Reply reply, Exchange exchange)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "CoverageEligibilityResponse");
        WriteContained(reply);
        if (reply is Reply.Moved moved)
            elements.Extensions(() =>
            {
                elements.TextExtension("urn:cdr:regime:moved-to", moved.ToRegime);
                elements.DayExtension("urn:cdr:regime:moved-since", moved.Since);
            });
        writer.WriteString("status", "active");
        elements.Strings("purpose", "benefits");
        writer.WriteStartObject("patient");
        if (reply is Reply.Found)
            writer.WriteString("reference", "#beneficiary");
        else
            writer.WriteString("display", "non déterminé");
        writer.WriteEndObject();
        if (exchange.CareDate is { } careDate)
            writer.WriteString("servicedDate", DatePattern.Iso.Write(careDate));
        writer.WriteString("created", exchange.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        writer.WriteStartObject("request");
        elements.WriteIdentifier("urn:ietf:rfc:3986", $"urn:uuid:{exchange.Consultation}");
        writer.WriteEndObject();
        writer.WriteString("outcome", "complete");
        writer.WriteString("disposition", vocabulary.Status(reply));
        writer.WriteStartObject("insurer");
        writer.WriteString("display", insurer);
        writer.WriteEndObject();
        if (reply is Reply.Found found)
            Rights.WriteInsurance(found.Beneficiary.Rights);
        writer.WriteEndObject();
    }

    private void WriteContained(Reply reply)
    {
        if (reply is not (Reply.Found or Reply.Candidates))
            return;
        writer.WriteStartArray("contained");
        if (reply is Reply.Found found)
        {
            WritePatient("insured", found.Insured.Person, found.Insured.Nir, null, null);
            WritePatient("beneficiary", found.Beneficiary.Person, found.Beneficiary.Person.Nir, found.Beneficiary.Rank, found.Beneficiary.Quality);
            var rights = found.Beneficiary.Rights;
            // Without a base period, one Coverage still carries the organism.
            for (var index = 0; index < Math.Max(1, rights.Base.Count); index++)
                Rights.WriteCoverage(index, rights);
        }
        else if (reply is Reply.Candidates candidates)
        {
            for (var index = 0; index < candidates.All.Count; index++)
            {
                var (insured, beneficiary) = candidates.All[index];
                WritePatient($"candidate-{index + 1}", beneficiary.Person, insured.Nir, beneficiary.Rank, null);
            }
        }

        writer.WriteEndArray();
    }

    private void WritePatient(string id, SimulatedPerson person, string? nir, int? rank, BeneficiaryQuality? quality)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "Patient");
        writer.WriteString("id", id);
        elements.Extensions(() =>
        {
            if (person.BirthDate.IsLunar)
                elements.TextExtension(FhirRequest.BirthDateExtension, person.BirthDate.Iso);
            if (rank is { } known)
                elements.Extension(FhirRequest.BirthRankExtension, () => writer.WriteNumber("valueInteger", known));
            if (quality is not null)
                elements.Extension("urn:cdr:regime:quality", () => writer.WriteString("valueCode", quality.Code));
        });
        if (nir is not null)
        {
            writer.WriteStartArray("identifier");
            writer.WriteStartObject();
            writer.WriteString("system", FhirRequest.NirSystem);
            writer.WriteString("value", nir);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteStartArray("name");
        WriteName("official", person.FamilyName, person.GivenName);
        if (person.NameInUse is not null)
            WriteName("usual", person.NameInUse, person.GivenName);
        writer.WriteEndArray();
        if (!person.BirthDate.IsLunar)
            writer.WriteString("birthDate", person.BirthDate.Iso);
        writer.WriteEndObject();
    }

    private void WriteName(string use, string family, string given)
    {
        writer.WriteStartObject();
        writer.WriteString("use", use);
        writer.WriteString("family", family);
        elements.Strings("given", given);
        writer.WriteEndObject();
    }
}
