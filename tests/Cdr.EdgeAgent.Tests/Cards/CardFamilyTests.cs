using Cdr.EdgeAgent.Cards;

namespace Cdr.EdgeAgent.Tests.Cards;

public sealed class CardFamilyTests
{
    [Theory]
    [InlineData("3BAC00402A001225006480000310009000", "Cps3", true)]
    [InlineData("3B9B188001001225006480040100009044", "Cps4", true)]
    [InlineData("3B9B188001001225006480000401009044", "Cps4", true)]
    [InlineData("3BDC18FF00001225006480000401009000", "Cps4", true)]
    [InlineData("3BDC18FF00001225006480000501009000", "Cpx", true)]
    [InlineData("3B8F80010031B86404B0ECC1739401808290000E", "Contactless", false)]
    [InlineData("3B8F8001804F0CA000000306030001000000006A", "Contactless", false)]
    [InlineData("3B75130000480 9EA9000", "Vitale", false)]
    [InlineData("3F65250052096A9000", "Vitale", false)]
    [InlineData("3B7F96000000 31B8644070141073940180829000", "Other", false)]
    [InlineData("", "Other", false)]
    public void A_card_is_known_by_its_answer_to_reset(string atr, string family, bool signsIn)
    {
        var found = CardFamilies.Of(Convert.FromHexString(atr.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal((family, signsIn), (found.ToString(), found.SignsIn()));
    }

    [Theory]
    [InlineData("HID Global OMNIKEY 5422 Contactless [OMNIKEY 5422CL] 00 00")]
    [InlineData("ACS ACR1252 Dual Reader PICC 01 00")]
    [InlineData("Lecteur NFC 00 00")]
    public void A_contactless_slot_signs_nobody_in(string reader) =>
        Assert.False(CardFamilies.Of(reader, Convert.FromHexString("3BAC00402A001225006480000310009000")).SignsIn());
}
