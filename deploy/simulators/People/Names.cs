using System.Globalization;
using System.Text;

namespace Cdr.RegimeSimulator.People;

/// <summary>The names people bear, and the way two spellings are compared.</summary>
internal static class Names
{
    public static string[] Families { get; } = Split("""
        Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David
        Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure André Mercier
        Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry
        Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard
        Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin
        Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey
        Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis
        Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot
        Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Collet Léger
        Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain Breton Besson Langlois Rémy Pelletier Léveque Perrier
        Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne
        Grondin Poulain Tessier Chevallier Collin Chauvin Bouchet Gay Lemaître Bénard Maréchal Humbert Reynaud Antoine
        Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier Carlier Laporte Gros Buisson Da-Silva
        Diallo Traoré Benali Haddad Nguyen Tran Kaya Costa Ferreira Rossi Bianchi Kowalski Nowak Cissé Koné Belkacem Mansouri
        Saïdi Amrani Bensaïd Le-Goff Le-Gall Kerleo Quéméner Etcheverry Ibarra Casanova Santoni Luciani Wagner Zimmermann
        Fischer Hoffmann Vandenberghe Delattre Lesage Ponsot Grillon Mauger Tisserand Sabatier Escoffier Rigal Astruc Cazaux
        """);

    // From the oldest fashion to the newest: the year of birth chooses where to look.
    public static string[] Women { get; } = Split("""
        Marcelle Germaine Yvonne Suzanne Denise Simone Paulette Madeleine Odette Jacqueline Jeannine Monique Colette Yvette
        Josette Françoise Michèle Nicole Danielle Annie Christiane Éliane Bernadette Chantal Martine Sylvie Brigitte
        Dominique Patricia Véronique Catherine Christine Isabelle Nathalie Corinne Valérie Sandrine Florence Laurence
        Stéphanie Karine Céline Sophie Virginie Delphine Aurélie Émilie Julie Laetitia Élodie Mélanie Fatima Aïcha Samira
        Audrey Laura Marine Pauline Camille Marion Justine Manon Mathilde Charlotte Océane Anaïs Léa Chloé Clara Inès Sarah
        Lucie Jade Louise Alice Lina Zoé Juliette Ambre Romane Anna Mila Rose Julia Éléonore Agathe Nour Iris Romy Alba
        """);

    public static string[] Men { get; } = Split("""
        Marcel Roger André Maurice Raymond Lucien Georges Henri Robert René Jean Pierre Jacques Claude Michel Bernard Gérard
        Daniel Roland Guy Serge Christian Alain Jean-Claude Jean-Pierre Patrick Gilles Philippe Thierry Didier Pascal Éric
        Bruno Denis Marc Laurent Christophe Stéphane Frédéric Olivier Franck Hervé David Sébastien Nicolas Jérôme Julien
        Cédric Mohamed Karim Rachid Mathieu Guillaume Romain Anthony Kévin Alexandre Maxime Thomas Clément Florian Quentin
        Antoine Hugo Lucas Théo Enzo Nathan Mathis Louis Jules Gabriel Raphaël Arthur Adam Ethan Léo Noah Sacha Tom Maël
        Gabin Aaron Eden Ibrahim Côme Léon Isaac Marceau
        """);

    /// <value>Women's, then men's.</value>
    public static string[] Given { get; } = [.. Women, .. Men];

    /// <summary>Upper case without accents; a dash, an apostrophe or a space counts the same, ligatures are two letters.</summary>
    public static string Normalise(string name)
    {
        var kept = new StringBuilder(name.Length);
        foreach (var character in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark)
                continue;
            if (character is 'œ' or 'Œ')
                kept.Append("OE");
            else if (character is 'æ' or 'Æ')
                kept.Append("AE");
            else if (char.IsLetterOrDigit(character))
                kept.Append(char.ToUpperInvariant(character));
            else if (kept.Length > 0 && kept[^1] != ' ')
                kept.Append(' ');
        }

        return kept.ToString().TrimEnd();
    }

    private static string[] Split(string names) =>
        [.. names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).DistinctBy(Normalise, StringComparer.Ordinal)
            .Select(static name => name.Replace("Da-", "Da ", StringComparison.Ordinal).Replace("Le-", "Le ", StringComparison.Ordinal))];
}
