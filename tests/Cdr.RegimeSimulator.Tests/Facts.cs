using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Cdr.Domain;

namespace Cdr.RegimeSimulator.Tests;

/// <summary>An answer as lines of canonical names, <c>droitsBase[0].debut=2010-01-01</c>: the same whatever the dialect.</summary>
internal static class Facts
{
    private static readonly string[] Lists =
        ["droitsBase", "exonerations", "modulations", "situations", "maternites", "accidentsTravail", "candidats"];

    private static readonly string[] Dates = ["dateNaissance", "debut", "fin", "date", "depuis"];

    public static async Task<SortedSet<string>> ReadAsync(Page page, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        SortedSet<string> facts = new(StringComparer.Ordinal);
        switch (page.Protocol)
        {
            case "rest":
                Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
                OfRest(page, JsonDocument.Parse(bytes).RootElement, facts);
                break;
            case "soap":
                Assert.Equal("text/xml", response.Content.Headers.ContentType?.MediaType);
                Assert.Equal(page.EncodingName, response.Content.Headers.ContentType?.CharSet);
                OfSoap(page, XDocument.Parse(page.Encoding.GetString(bytes)), facts);
                break;
            default:
                Assert.Equal("application/fhir+json", response.Content.Headers.ContentType?.MediaType);
                OfFhir(page, JsonDocument.Parse(bytes).RootElement, facts);
                break;
        }

        return facts;
    }

    /// <summary>What the truth says that the answer to <paramref name="question"/> is.</summary>
    public static SortedSet<string> Of(SimulatedInsured insured, SimulatedBeneficiary beneficiary)
    {
        SortedSet<string> facts = new(StringComparer.Ordinal) { "statut=TROUVE" };
        void Add(string name, object? value)
        {
            if (value is not null)
                facts.Add($"{name}={(value is DateOnly day ? Page.Iso(day) : value)}");
        }

        void Periods(string name, IEnumerable<CarePeriod?> periods)
        {
            foreach (var (period, index) in periods.Select((period, index) => (period, index)))
            {
                Add($"{name}[{index}].debut", period?.Start);
                Add($"{name}[{index}].fin", period?.End);
            }
        }

        void Each<T>(string name, IEnumerable<T> items, Action<string, T> add)
        {
            foreach (var (item, index) in items.Select((item, index) => (item, index)))
                add($"{name}[{index}]", item);
        }

        Add("assure.nir", insured.Nir);
        Add("assure.nom", insured.Person.FamilyName);
        Add("assure.prenom", insured.Person.GivenName);
        AddPerson(facts, "beneficiaire", beneficiary.Person, beneficiary.Person.Nir, beneficiary.Rank);
        Add("beneficiaire.qualite", beneficiary.Quality.Code);
        var rights = beneficiary.Rights;
        Add("organisme", rights.Organism.Value);
        Add("organisme.libelle", rights.OrganismLabel);
        Add("organisme.codeGestion", rights.ManagementCode);
        Add("organisme.centreGestion", rights.ManagementCentre);
        Periods("droitsBase", rights.Base);
        Periods("exonerations", rights.Exemptions.Select(static right => right.Period));
        Each("exonerations", rights.Exemptions, (name, right) => Add($"{name}.code", right.Code));
        Periods("modulations", rights.Modulations.Select(static right => right.Period));
        Each("modulations", rights.Modulations, (name, right) => Add($"{name}.code", right.Code));
        Periods("situations", rights.Situations.Select(static right => right.Period));
        Each("situations", rights.Situations, (name, right) =>
        {
            Add($"{name}.code", right.Code);
            Add($"{name}.organismeComplementaire", right.Body?.Value);
            Add($"{name}.participation", right.WithParticipation is { } with ? (with ? "true" : "false") : null);
        });
        Periods("maternites", rights.Maternities.Select(static one => one.Period));
        Each("maternites", rights.Maternities, (name, one) => Add($"{name}.organisme", one.Organism?.Value));
        Periods("accidentsTravail", rights.WorkAccidents.Select(static one => one.Period));
        Each("accidentsTravail", rights.WorkAccidents, (name, one) =>
        {
            Add($"{name}.numero", one.Number);
            Add($"{name}.date", one.Date);
        });
        Add("medecinTraitant.declare", rights.AttendingPhysician is { } physician ? (physician.IsDeclared ? "true" : "false") : null);
        Add("medecinTraitant.nom", rights.AttendingPhysician?.Name);
        Add("medecinTraitant.numero", rights.AttendingPhysician?.Rpps);
        Add("medecinTraitant.debut", rights.AttendingPhysician?.Start);
        Add("medecinTraitant.fin", rights.AttendingPhysician?.End);
        Add("specificiteContrat", rights.ContractSpecificity);
        return facts;
    }

    private static void AddPerson(SortedSet<string> facts, string name, SimulatedPerson person, string? nir, int rank)
    {
        if (nir is not null)
            facts.Add($"{name}.nir={nir}");
        facts.Add($"{name}.nom={person.FamilyName}");
        if (person.NameInUse is not null)
            facts.Add($"{name}.nomUsage={person.NameInUse}");
        facts.Add($"{name}.prenom={person.GivenName}");
        facts.Add($"{name}.dateNaissance={person.BirthDate.Iso}");
        facts.Add($"{name}.rangNaissance={rank}");
    }

    private static void OfRest(Page page, JsonElement answer, SortedSet<string> facts)
    {
        if (page.Unknown == "empty" && answer.TryGetProperty(page.Name("dossiers"), out var files))
        {
            Assert.Equal([page.Name("dossiers")], answer.EnumerateObject().Select(static member => member.Name));
            facts.Add(files.GetArrayLength() == 0 ? "statut=INCONNU" : "statut=TROUVE");
            foreach (var file in files.EnumerateArray())
                AddJson(page, "dossier", file, facts);
            return;
        }

        AddJson(page, "", answer, facts);
    }

    private static void AddJson(Page page, string path, JsonElement element, SortedSet<string> facts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (path == "dossier")
                    foreach (var list in Lists.Where(static list => list != "candidats"))
                        Assert.True(element.TryGetProperty(page.Name(list), out _), $"{list} is missing");
                if (element.TryGetProperty(page.Name("debut"), out _) && path.EndsWith(']'))
                    Assert.Equal(page.OpenEnd != "absent" || HasEnd(page, element), element.TryGetProperty(page.Name("fin"), out _));
                foreach (var member in element.EnumerateObject())
                    AddJson(page, Join(path, page.Canonical(member.Name)), member.Value, facts);
                break;
            case JsonValueKind.Array:
                foreach (var (item, index) in element.EnumerateArray().Select((item, index) => (item, index)))
                    AddJson(page, $"{path}[{index}]", item, facts);
                break;
            case JsonValueKind.Null:
                Assert.True(page.OpenEnd == "null" && path.EndsWith(".fin", StringComparison.Ordinal), path);
                break;
            case JsonValueKind.Number:
                Assert.EndsWith("rangNaissance", path, StringComparison.Ordinal);
                facts.Add($"{Short(path)}={element.GetInt32()}");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                facts.Add($"{Short(path)}={(element.GetBoolean() ? "true" : "false")}");
                break;
            default:
                AddText(page, path, element.GetString()!, facts);
                break;
        }
    }

    private static bool HasEnd(Page page, JsonElement element) =>
        element.TryGetProperty(page.Name("fin"), out var end) && end.ValueKind == JsonValueKind.String;

    private static void OfSoap(Page page, XDocument document, SortedSet<string> facts)
    {
        XNamespace soap = Wire.Soap;
        var content = Assert.Single(document.Root!.Element(soap + "Body")!.Elements());
        if (content.Name == soap + "Fault")
            content = content.Element("detail")!;
        else
            Assert.Equal(Wire.Own + "ConsulterDroitsReponse", content.Name);
        AddXml(page, "", content, facts);
    }

    private static void AddXml(Page page, string path, XElement element, SortedSet<string> facts)
    {
        if (!element.HasElements)
        {
            if (element.Value.Length > 0 || path.Length > 0)
                AddText(page, path, element.Value, facts);
            return;
        }

        foreach (var group in element.Elements().GroupBy(static child => child.Name))
        {
            Assert.Equal(Wire.Own, group.Key.Namespace);
            var name = page.Canonical(group.Key.LocalName);
            var isList = Lists.Contains(name);
            foreach (var (child, index) in group.Select((child, index) => (child, index)))
                AddXml(page, Join(path, isList ? $"{name}[{index}]" : name), child, facts);
        }
    }

    private static void AddText(Page page, string path, string text, SortedSet<string> facts)
    {
        Assert.NotEqual("", text);
        var name = path[(path.LastIndexOf('.') + 1)..];
        var value = name switch
        {
            "statut" => page.FrenchStatus(text),
            "code" when !path.StartsWith("erreur", StringComparison.Ordinal) => page.Sfg(text),
            _ when Dates.Contains(name) => page.Iso(text),
            _ => text,
        };
        if (name == "fin" && value == "9999-12-31")
            Assert.Equal("max", page.OpenEnd);
        else if (Short(path) is "organisme.regime" or "organisme.caisse" or "organisme.centre")
            AddOrganism(facts, value);
        else
            facts.Add($"{Short(path)}={value}");
    }

    // Régime, caisse and centre come in this order and make nine characters.
    private static void AddOrganism(SortedSet<string> facts, string part)
    {
        var known = facts.FirstOrDefault(static fact => fact.StartsWith("organisme=", StringComparison.Ordinal)) ?? "organisme=";
        facts.Remove(known);
        facts.Add(known + part);
    }

    private static void OfFhir(Page page, JsonElement resource, SortedSet<string> facts)
    {
        if (resource.GetProperty("resourceType").GetString() == "OperationOutcome")
        {
            var details = resource.GetProperty("issue")[0].GetProperty("details");
            facts.Add($"statut={details.GetProperty("coding")[0].GetProperty("code").GetString()}");
            if (details.GetProperty("coding").GetArrayLength() > 1)
            {
                facts.Add($"erreur.code={details.GetProperty("coding")[1].GetProperty("code").GetString()}");
                facts.Add($"erreur.libelle={details.GetProperty("text").GetString()}");
            }

            return;
        }

        Assert.Equal("complete", resource.GetProperty("outcome").GetString());
        facts.Add($"statut={resource.GetProperty("disposition").GetString()}");
        Add(facts, "mutation.versRegime", Extension(resource, "moved-to", "valueString"));
        Add(facts, "mutation.depuis", Extension(resource, "moved-since", "valueDate"));
        foreach (var contained in resource.TryGetProperty("contained", out var all) ? all.EnumerateArray().ToArray() : [])
            AddContained(contained, facts);
        var counts = new Dictionary<string, int>();
        if (!resource.TryGetProperty("insurance", out var insurance))
            return;
        Assert.Equal(1, insurance.GetArrayLength());
        if (insurance[0].TryGetProperty("item", out var items))
            foreach (var item in items.EnumerateArray())
                AddItem(page, item, counts, facts);
    }

    private static void AddContained(JsonElement contained, SortedSet<string> facts)
    {
        var id = contained.GetProperty("id").GetString()!;
        if (contained.GetProperty("resourceType").GetString() == "Patient")
        {
            var path = id switch
            {
                "insured" => "assure",
                "beneficiary" => "beneficiaire",
                _ => $"candidats[{int.Parse(id["candidate-".Length..], CultureInfo.InvariantCulture) - 1}]",
            };
            var names = contained.GetProperty("name").EnumerateArray().ToDictionary(static name => name.GetProperty("use").GetString()!);
            Add(facts, $"{path}.nir", contained.TryGetProperty("identifier", out var identifier) ? identifier[0].GetProperty("value").GetString() : null);
            Add(facts, $"{path}.nom", names["official"].GetProperty("family").GetString());
            Add(facts, $"{path}.prenom", names["official"].GetProperty("given")[0].GetString());
            if (path == "assure")
                return;
            Add(facts, $"{path}.nomUsage", names.TryGetValue("usual", out var usual) ? usual.GetProperty("family").GetString() : null);
            Add(facts, $"{path}.dateNaissance", contained.TryGetProperty("birthDate", out var birth)
                ? birth.GetString() : Extension(contained, "birth-date", "valueString"));
            Add(facts, $"{path}.rangNaissance", Extension(contained, "birth-rank", "valueInteger"));
            Add(facts, $"{path}.qualite", Extension(contained, "quality", "valueCode"));
            return;
        }

        var index = int.Parse(id["coverage-".Length..], CultureInfo.InvariantCulture) - 1;
        if (contained.TryGetProperty("period", out var period))
            AddPeriod(facts, $"droitsBase[{index}]", period);
        Add(facts, "organisme", contained.GetProperty("payor")[0].GetProperty("identifier").GetProperty("value").GetString());
        Add(facts, "organisme.libelle", contained.GetProperty("payor")[0].GetProperty("display").GetString());
        Add(facts, "organisme.codeGestion", Extension(contained, "management-code", "valueString"));
        Add(facts, "organisme.centreGestion", Extension(contained, "management-centre", "valueString"));
        Add(facts, "specificiteContrat", Extension(contained, "contract-specificity", "valueString"));
    }

    private static void AddItem(Page page, JsonElement item, Dictionary<string, int> counts, SortedSet<string> facts)
    {
        var category = item.GetProperty("category").GetProperty("coding")[0];
        Assert.Equal("urn:cdr:regime:section", category.GetProperty("system").GetString());
        var section = category.GetProperty("code").GetString()!;
        var index = counts[section] = counts.GetValueOrDefault(section, -1) + 1;
        var path = section == "medecinTraitant" ? section : $"{section}[{index}]";
        var coding = item.TryGetProperty("productOrService", out var product) ? product.GetProperty("coding")[0] : default;
        var code = coding.ValueKind == JsonValueKind.Undefined ? null : coding.GetProperty("code").GetString();
        switch (section)
        {
            case "medecinTraitant":
                Add(facts, $"{path}.declare", code == "declare" ? "true" : "false");
                Add(facts, $"{path}.nom", item.TryGetProperty("name", out var name) ? name.GetString() : null);
                Add(facts, $"{path}.numero", coding.TryGetProperty("display", out var rpps) ? rpps.GetString() : null);
                break;
            case "accidentsTravail":
                Add(facts, $"{path}.numero", code);
                break;
            default:
                Add(facts, $"{path}.code", code is null ? null : page.Sfg(code));
                break;
        }

        Add(facts, $"{path}.organismeComplementaire", Extension(item, "complementary-body", "valueString"));
        Add(facts, $"{path}.participation", Extension(item, "participation", "valueBoolean"));
        Add(facts, $"{path}.organisme", Extension(item, "organism", "valueString"));
        Add(facts, $"{path}.date", Extension(item, "date", "valueDate"));
        if (ExtensionElement(item, "period") is { } extension)
            AddPeriod(facts, path, extension.GetProperty("valuePeriod"));
    }

    private static void AddPeriod(SortedSet<string> facts, string path, JsonElement period)
    {
        Add(facts, $"{path}.debut", period.GetProperty("start").GetString());
        Add(facts, $"{path}.fin", period.TryGetProperty("end", out var end) ? end.GetString() : null);
    }

    private static string? Extension(JsonElement element, string name, string value) =>
        ExtensionElement(element, name) is { } extension
            ? extension.GetProperty(value) is { ValueKind: JsonValueKind.String } text ? text.GetString() : extension.GetProperty(value).GetRawText()
            : null;

    private static JsonElement? ExtensionElement(JsonElement element, string name)
    {
        if (!element.TryGetProperty("extension", out var extensions))
            return null;
        foreach (var extension in extensions.EnumerateArray())
            if (extension.GetProperty("url").GetString() == $"urn:cdr:regime:{name}")
                return extension;
        return null;
    }

    private static void Add(SortedSet<string> facts, string name, string? value)
    {
        if (value is not null)
            facts.Add($"{name}={value}");
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // The file is one level up in FHIR and in the truth.
    private static string Short(string path) =>
        path.StartsWith("dossier.", StringComparison.Ordinal) ? path["dossier.".Length..] : path;
}
