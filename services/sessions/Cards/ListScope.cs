using System.Formats.Asn1;

namespace Cdr.Sessions.Cards;

/// <summary>Which certificates of its authority a list speaks of (issuing distribution point, RFC 5280, 5.2.5).</summary>
/// <param name="Users">Certificates that are not an authority's.</param>
/// <param name="Authorities">Certificates of authorities.</param>
/// <param name="Points">Addresses, one of which those certificates name; empty: all.</param>
internal sealed record ListScope(bool Users, bool Authorities, IReadOnlyList<string> Points)
{
    public const string Extension = "2.5.29.28";

    public static ListScope Everything { get; } = new(true, true, []);

    /// <summary>Two lists of one key replace each other.</summary>
    public string Key => $"{(Users ? "u" : "")}{(Authorities ? "a" : "")} {string.Join(' ', Points)}";

    public bool Covers(ListScope other) => CoversKinds(other) && (Points.Count == 0 || other.Points.Count > 0 && other.Points.All(Points.Contains));

    /// <summary>Wherever they are published.</summary>
    public bool CoversKinds(ListScope other) => (Users || !other.Users) && (Authorities || !other.Authorities);

    /// <param name="authorities">Certificates of authorities, or the others.</param>
    public bool IsOf(bool authorities) => authorities ? Authorities : Users;

    /// <summary>Whether it is for certificates that name those addresses.</summary>
    public bool IsFor(IReadOnlyCollection<string> points) => Points.Count == 0 || Points.Intersect(points, StringComparer.Ordinal).Any();

    /// <exception cref="AsnContentException">For other authorities' certificates, for some reasons, for attributes, or a place that is no address.</exception>
    public static ListScope Read(AsnReader point)
    {
        var (users, authorities, points) = (true, true, new List<string>());
        while (point.HasData)
        {
            switch (point.PeekTag().TagValue)
            {
                case 0:
                    points.AddRange(DistributionPoints.FullName(point.ReadSequence(Tag(0))));
                    if (points.Count == 0)
                        throw new AsnContentException("A place that is no address.");
                    break;
                case 1:
                    authorities = !point.ReadBoolean(Tag(1));
                    break;
                case 2:
                    users = !point.ReadBoolean(Tag(2));
                    break;
                default:
                    // Some reasons only, an indirect list, attribute certificates.
                    throw new AsnContentException("A list that is not for certificates of its authority.");
            }
        }

        return new ListScope(users, authorities, [.. points.Order(StringComparer.Ordinal)]);
    }

    private static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value);
}
