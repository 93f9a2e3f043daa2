namespace Cdr.RegimeSimulator.People;

/// <summary>Two insured persons who may live together: 2n and 2n + 1. Their department, ages and children follow from n.</summary>
internal readonly struct Household
{
    public const int MostChildren = 5;

    private static readonly double[] ChildrenShares = Departments.Cumulate([30, 25, 28, 12, 4, 1]);
    private static readonly double[] AttachmentShares = Departments.Cumulate([35, 25, 40]);

    private readonly int number;
    private readonly int seed;
    private readonly Nest first;
    private readonly Nest second;

    private Household(int seed, int number)
    {
        this.seed = seed;
        this.number = number;
        var dice = new Dice(seed, Throws.Household, number);
        Department = dice.Weighted(Departments.Shares);
        IsCouple = dice.Chance(0.5);
        var age = Age(ref dice);
        var female = dice.Chance(0.5);
        var twins = dice.Chance(0.03);
        first = new Nest(age, female, dice.Between(22, 34), dice.Weighted(ChildrenShares), twins);
        AttachedTo = dice.Weighted(AttachmentShares) + 1;
        second = IsCouple
            ? new Nest(Math.Max(18, age + dice.Between(-6, 6)), dice.Chance(0.95) ? !female : female, 0, 0, false)
            : new Nest(Age(ref dice), dice.Chance(0.5), dice.Between(22, 34), dice.Weighted(ChildrenShares) / 2, false);
    }

    public bool IsCouple { get; }

    /// <value>Index in <see cref="Departments.All"/>.</value>
    public int Department { get; }

    /// <value>Which parents of a couple the children are beneficiaries of: 1 the first, 2 the second, 3 both.</value>
    private int AttachedTo { get; }

    public static Household Of(int seed, int insured) => new(seed, insured / 2);

    public int BirthYear(int insured) => Sketch.ReferenceYear - Side(insured).Age;

    public bool IsFemale(int insured) => Side(insured).IsFemale;

    /// <summary>Whether there is a child of this rank (0 to 4) who is still a beneficiary of this parent.</summary>
    public bool HasChild(int insured, int child) =>
        (!IsCouple || (AttachedTo & (1 << (insured & 1))) != 0)
        && child < Parent(insured).Children && ChildYear(insured, child) is >= Sketch.ReferenceYear - 20 and < Sketch.ReferenceYear;

    public bool AreTwins(int insured) => Parent(insured).HasTwins && Parent(insured).Children > 1;

    public Sketch Child(int insured, int child, int family)
    {
        // Twins share the throw of the day, and nothing else.
        var isSecondTwin = child == 1 && AreTwins(insured);
        var day = new Dice(seed, Throws.Child, ChildNumber(insured, isSecondTwin ? 0 : child)).Day(2001, 2001);
        var dice = new Dice(seed, Throws.Child, ChildNumber(insured, child));
        dice.Day(2001, 2001);
        var female = dice.Chance(0.49);
        var year = ChildYear(insured, child);
        return new Sketch(female, family, -1, Sketch.GivenName(ref dice, female, year), year, day.Month, day.Day);
    }

    private static int Age(ref Dice dice) => dice.Chance(0.78) ? dice.Between(18, 66) : dice.Between(67, 97);

    private int ChildYear(int insured, int child)
    {
        var parent = Parent(insured);
        return Sketch.ReferenceYear - parent.Age + parent.AgeAtFirstChild + (2 * (child == 1 && AreTwins(insured) ? 0 : child));
    }

    private long ChildNumber(int insured, int child) => ((((long)number * 2) + (IsCouple ? 0 : insured & 1)) * 8) + child;

    private Nest Side(int insured) => (insured & 1) == 0 ? first : second;

    private Nest Parent(int insured) => IsCouple ? first : Side(insured);

    private readonly record struct Nest(int Age, bool IsFemale, int AgeAtFirstChild, int Children, bool HasTwins);
}
