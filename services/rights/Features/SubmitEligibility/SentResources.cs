using System.Diagnostics.CodeAnalysis;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>The request, and the resources that came with it: entries of its bundle, and what each of them contains.</summary>
internal sealed class SentResources
{
    private readonly List<Beside> beside = [];
    private readonly List<(Resource Resource, string Path)> around = [];

    private SentResources(CoverageEligibilityRequest request, string path)
    {
        (Request, Path) = (request, path);
        AddContained(request, path);
    }

    public CoverageEligibilityRequest Request { get; }

    /// <summary>Where the request stands in what was sent.</summary>
    public string Path { get; }

    /// <summary>What it came in.</summary>
    public IReadOnlyList<(Resource Resource, string Path)> Around => around;

    /// <returns>Null where nothing, or more than one thing, could be meant.</returns>
    public static SentResources? Open(Resource sent) => sent switch
    {
        CoverageEligibilityRequest alone => new SentResources(alone, nameof(CoverageEligibilityRequest)),
        Parameters parameters => OfParameters(parameters),
        Bundle bundle => OfBundle(bundle, nameof(Bundle)),
        _ => null,
    };

    /// <summary>The resource that a reference names, and where it stands; null when it is none of those sent.</summary>
    /// <param name="from">The resource in which the reference stands: « #… » names what that one contains, or is contained beside it.</param>
    /// <param name="reference">As written.</param>
    /// <param name="found">The resource.</param>
    /// <param name="path">Where it stands.</param>
    public bool TryFind<T>(Resource from, ResourceReference? reference, [NotNullWhen(true)] out T? found, out string path)
        where T : Resource
    {
        (found, path) = (null, "");
        foreach (var one in Named(from, reference))
        {
            if (one.Resource is not T resource)
                continue;
            (found, path) = (resource, one.Path);
            return true;
        }

        return false;
    }

    /// <summary>Whether it names anything that was sent.</summary>
    public bool IsOfAny(Resource from, ResourceReference reference) => Named(from, reference).Any();

    /// <summary>More than one of those sent bear the reference: which is meant, nobody can say.</summary>
    public bool IsOfMany(Resource from, ResourceReference? reference) => Named(from, reference).Skip(1).Any();

    /// <summary>The regime that an organisation is, by its identifier beside the reference, or in the resource that it names; null when it is none.</summary>
    public string? Regime(Resource from, ResourceReference? organisation)
    {
        List<Identifier> identifiers = organisation?.Identifier is { } identifier ? [identifier] : TryFind<Organization>(from, organisation, out var found, out _) ? found.Identifier : [];
        return identifiers.Find(one => one is { System: EligibilityNames.Regime, Value: not null })?.Value;
    }

    /// <summary>The request first, then each resource that came with it, and where it stands.</summary>
    public IEnumerable<(Resource Resource, string Path)> All() => beside.Select(one => (one.Resource, one.Path)).Prepend((Request, Path));

    private IEnumerable<Beside> Named(Resource from, ResourceReference? reference)
    {
        if (reference?.Reference is not { Length: > 0 } text)
            return [];
        if (!text.StartsWith('#'))
            return beside.Where(one => one.IsAt(text));
        var container = beside.Find(one => ReferenceEquals(one.Resource, from))?.Container ?? from;
        return beside.Where(one => ReferenceEquals(one.Container, container) && one.Resource.Id is { Length: > 0 } id && text.AsSpan(1).SequenceEqual(id));
    }

    private void AddContained(Resource resource, string path)
    {
        foreach (var (place, contained) in ((resource as DomainResource)?.Contained ?? []).Index())
            beside.Add(new Beside(contained, null, $"{path}.contained[{place}]", resource));
    }

    private static SentResources? OfParameters(Parameters parameters)
    {
        var place = parameters.Parameter.FindIndex(one => one.Name == "resource");
        if (place < 0 || place != parameters.Parameter.FindLastIndex(one => one.Name == "resource"))
            return null;
        var path = $"Parameters.parameter[{place}].resource";
        var sent = parameters.Parameter[place].Resource switch
        {
            CoverageEligibilityRequest request => new SentResources(request, path),
            Bundle bundle => OfBundle(bundle, path),
            _ => null,
        };
        sent?.around.Insert(0, (parameters, nameof(Parameters)));
        return sent;
    }

    private static SentResources? OfBundle(Bundle bundle, string path)
    {
        if (bundle.Type != Bundle.BundleType.Collection || bundle.Entry.FindAll(entry => entry.Resource is CoverageEligibilityRequest) is not [var only])
            return null;
        var sent = new SentResources((CoverageEligibilityRequest)only.Resource!, $"{path}.entry[{bundle.Entry.IndexOf(only)}].resource");
        sent.around.Add((bundle, path));
        foreach (var (place, entry) in bundle.Entry.Index())
        {
            if (entry.Resource is not { } resource || entry == only)
                continue;
            var at = $"{path}.entry[{place}].resource";
            sent.beside.Add(new Beside(resource, entry.FullUrl, at, null));
            sent.AddContained(resource, at);
        }

        return sent;
    }

    /// <summary>A resource that came with the request: an entry, with its address; or contained in another.</summary>
    private sealed record Beside(Resource Resource, string? Address, string Path, Resource? Container)
    {
        // An entry is meant by its address, or by the « type/id » in it.
        public bool IsAt(string reference) => Container is null && (Address == reference || (Resource.Id is { Length: > 0 } id && reference == $"{Resource.TypeName}/{id}"));
    }
}
