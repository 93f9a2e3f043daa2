using System.Diagnostics.CodeAnalysis;
using Hl7.Fhir.Model;

namespace Cdr.Rights.Features.SubmitEligibility;

/// <summary>The request, and the resources that came with it: contained in it, or entries of its bundle.</summary>
internal sealed class SentResources
{
    private readonly List<Beside> beside = [];

    private SentResources(CoverageEligibilityRequest request, string path)
    {
        (Request, Path) = (request, path);
        foreach (var (place, resource) in request.Contained.Index())
            beside.Add(new Beside(resource, "#" + resource.Id, $"{path}.contained[{place}]"));
    }

    public CoverageEligibilityRequest Request { get; }

    /// <summary>Where the request stands in what was sent.</summary>
    public string Path { get; }

    /// <returns>Null where nothing, or more than one thing, could be meant.</returns>
    public static SentResources? Open(Resource sent) => sent switch
    {
        CoverageEligibilityRequest alone => new SentResources(alone, nameof(CoverageEligibilityRequest)),
        Parameters parameters => OfParameters(parameters),
        Bundle { Type: Bundle.BundleType.Collection } bundle => OfBundle(bundle),
        _ => null,
    };

    /// <summary>The resource that a reference names, and where it stands; null when it is none of those sent.</summary>
    public bool TryFind<T>(ResourceReference? reference, [NotNullWhen(true)] out T? found, out string path)
        where T : Resource
    {
        (found, path) = (null, "");
        if (reference?.Reference is not { Length: > 0 } text)
            return false;
        foreach (var one in beside)
        {
            if (one.Resource is not T resource || !one.IsAt(text))
                continue;
            (found, path) = (resource, one.Path);
            return true;
        }

        return false;
    }

    /// <summary>The regime that an organisation is, by its identifier beside the reference, or in the resource that it names; null when it is none.</summary>
    public string? Regime(ResourceReference? organisation)
    {
        List<Identifier> identifiers = organisation?.Identifier is { } identifier ? [identifier] : TryFind<Organization>(organisation, out var found, out _) ? found.Identifier : [];
        return identifiers.Find(one => one is { System: EligibilityNames.Regime, Value: not null })?.Value;
    }

    /// <summary>The request first, then each resource that came with it, and where it stands.</summary>
    public IEnumerable<(Resource Resource, string Path)> All() => beside.Select(one => (one.Resource, one.Path)).Prepend((Request, Path));

    /// <summary>More than one of those sent bear the reference: which is meant, nobody can say.</summary>
    public bool IsOfMany(ResourceReference? reference) => reference?.Reference is { Length: > 0 } text && beside.Count(one => one.IsAt(text)) > 1;

    private static SentResources? OfParameters(Parameters parameters)
    {
        var place = parameters.Parameter.FindIndex(one => one.Name == "resource");
        return place >= 0 && place == parameters.Parameter.FindLastIndex(one => one.Name == "resource") && parameters.Parameter[place].Resource is CoverageEligibilityRequest request
            ? new SentResources(request, $"Parameters.parameter[{place}].resource")
            : null;
    }

    private static SentResources? OfBundle(Bundle bundle)
    {
        if (bundle.Entry.FindAll(entry => entry.Resource is CoverageEligibilityRequest) is not [var only])
            return null;
        var sent = new SentResources((CoverageEligibilityRequest)only.Resource!, $"Bundle.entry[{bundle.Entry.IndexOf(only)}].resource");
        foreach (var (place, entry) in bundle.Entry.Index())
        {
            if (entry.Resource is { } resource && entry != only)
                sent.beside.Add(new Beside(resource, entry.FullUrl, $"Bundle.entry[{place}].resource"));
        }

        return sent;
    }

    private sealed record Beside(Resource Resource, string? Address, string Path)
    {
        // An entry is meant by its address, or by the « type/id » in it.
        public bool IsAt(string reference) => Address == reference
            || (Resource.Id is { Length: > 0 } id && Address?.StartsWith('#') != true && reference == $"{Resource.TypeName}/{id}");
    }
}
