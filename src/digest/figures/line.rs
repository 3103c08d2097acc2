//! The lines that figures are read from: one name each.

/// A line of counting. What is counted on one is written in [`super::definitions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// F1, F2n: criminal matters begun.
    Criminal,
    /// F2c: criminal matters carried over, or resumed.
    CriminalCarried,
    /// F4: statements of claim filed.
    Suits,
    /// F5n: matters with a letter before action or a claim.
    Claims,
    /// F5c: civil matters carried over, or resumed.
    ClaimsCarried,
    /// F6: judicial acts.
    Acts,
    /// F7a: of them in appeal.
    ActsAppeal,
    /// F7k: of them in cassation.
    ActsCassation,
    /// F8: of them in favour of the speaker.
    ActsFor,
    /// Of them in favour in part.
    ActsMixed,
    /// Of them against the speaker.
    ActsAgainst,
    /// Of them without an outcome in the row: counted nowhere.
    ActsUnknown,
    /// F9: moral damage claimed, in hundredths of a tenge.
    Claimed,
    /// Matters of F5n whose sum is not known.
    ClaimedUnknown,
    /// Lost profit and other losses claimed.
    ClaimedOther,
    /// F10: moral damage awarded and standing.
    Awarded,
    /// F10g: the same cases at the sum first awarded.
    AwardedGross,
    /// Acts against the speaker whose sum is not known.
    AwardedUnknown,
    /// What this year's acts changed in awards of earlier years.
    AwardedEarlier,
    /// Moral damage asked inside criminal cases.
    CriminalClaimed,
    /// Moral damage awarded inside criminal cases.
    CriminalAwarded,
    /// Verdicts against the speaker.
    Sentences,
    /// A: detentions.
    Detained,
    /// A: attacks.
    Attacks,
    /// A: threats.
    Threats,
    /// A: obstruction.
    Obstructed,
    /// A: summonses.
    Summoned,
    /// B: blocked.
    Blocked,
    /// B: closed or suspended.
    Closed,
    /// B: information refused.
    Refused,
    /// B: accreditation refused or taken.
    Accreditation,
    /// B: cyber attacks.
    Cyber,
    /// C: criminal.
    NewCriminal,
    /// C: civil.
    NewCivil,
    /// C: administrative.
    NewAdministrative,
    /// Days on which a site or network was blocked, by block.
    DaysBlocked,
    /// Blocks of which a first or last day is not recorded.
    DaysBlockedUnknown,
    /// Pressure on content, outside the blocks.
    Censored,
    /// R: relief.
    Relief,
    /// F11: messages.
    Messages,
    /// Steps of bills and rules of law.
    LawSteps,
}

impl Line {
    /// Every line.
    pub const ALL: [Self; 41] = [
        Self::Criminal,
        Self::CriminalCarried,
        Self::Suits,
        Self::Claims,
        Self::ClaimsCarried,
        Self::Acts,
        Self::ActsAppeal,
        Self::ActsCassation,
        Self::ActsFor,
        Self::ActsMixed,
        Self::ActsAgainst,
        Self::ActsUnknown,
        Self::Claimed,
        Self::ClaimedUnknown,
        Self::ClaimedOther,
        Self::Awarded,
        Self::AwardedGross,
        Self::AwardedUnknown,
        Self::AwardedEarlier,
        Self::CriminalClaimed,
        Self::CriminalAwarded,
        Self::Sentences,
        Self::Detained,
        Self::Attacks,
        Self::Threats,
        Self::Obstructed,
        Self::Summoned,
        Self::Blocked,
        Self::Closed,
        Self::Refused,
        Self::Accreditation,
        Self::Cyber,
        Self::NewCriminal,
        Self::NewCivil,
        Self::NewAdministrative,
        Self::DaysBlocked,
        Self::DaysBlockedUnknown,
        Self::Censored,
        Self::Relief,
        Self::Messages,
        Self::LawSteps,
    ];

    /// A short name: of the blocks `A.det` … `C.adm`, of the others as in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Criminal => "criminal_charges",
            Self::CriminalCarried => "criminal_carried_over",
            Self::Suits => "suits",
            Self::Claims => "claims",
            Self::ClaimsCarried => "claims_carried_over",
            Self::Acts => "judicial_acts",
            Self::ActsAppeal => "judicial_acts_appeal",
            Self::ActsCassation => "judicial_acts_cassation",
            Self::ActsFor => "judicial_acts_for_speaker",
            Self::ActsMixed => "judicial_acts_mixed",
            Self::ActsAgainst => "judicial_acts_against",
            Self::ActsUnknown => "judicial_acts_unknown",
            Self::Claimed => "claimed",
            Self::ClaimedUnknown => "claimed_unknown",
            Self::ClaimedOther => "other_losses_claimed",
            Self::Awarded => "awarded",
            Self::AwardedGross => "awarded_gross",
            Self::AwardedUnknown => "awarded_unknown",
            Self::AwardedEarlier => "awards_of_earlier_years",
            Self::CriminalClaimed => "criminal_damage_claimed",
            Self::CriminalAwarded => "criminal_damage_awarded",
            Self::Sentences => "sentences",
            Self::Detained => "a_det",
            Self::Attacks => "a_att",
            Self::Threats => "a_thr",
            Self::Obstructed => "a_obs",
            Self::Summoned => "a_sum",
            Self::Blocked => "b_blk",
            Self::Closed => "b_clo",
            Self::Refused => "b_info",
            Self::Accreditation => "b_acc",
            Self::Cyber => "b_cyb",
            Self::NewCriminal => "c_crim",
            Self::NewCivil => "c_civ",
            Self::NewAdministrative => "c_adm",
            Self::DaysBlocked => "days_blocked",
            Self::DaysBlockedUnknown => "days_blocked_unknown",
            Self::Censored => "censorship",
            Self::Relief => "relief",
            Self::Messages => "messages",
            Self::LawSteps => "law_steps",
        }
    }

    /// The block that the line belongs to.
    pub fn block(self) -> Option<Block> {
        Block::ALL.into_iter().find(|block| block.lines().contains(&self))
    }

    /// Is it a sum of money, in hundredths of a tenge?
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Self::Claimed
                | Self::ClaimedOther
                | Self::Awarded
                | Self::AwardedGross
                | Self::AwardedEarlier
                | Self::CriminalClaimed
                | Self::CriminalAwarded
        )
    }
}

/// The three blocks of the form of 2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// A: rights of people and outlets.
    People,
    /// B: receiving and spreading information.
    Information,
    /// C: new claims.
    Claims,
}

impl Block {
    /// All three.
    pub const ALL: [Self; 3] = [Self::People, Self::Information, Self::Claims];

    /// The lines that its total is the sum of.
    pub fn lines(self) -> &'static [Line] {
        match self {
            Self::People => &[Line::Detained, Line::Attacks, Line::Threats, Line::Obstructed, Line::Summoned],
            Self::Information => &[Line::Blocked, Line::Closed, Line::Refused, Line::Accreditation, Line::Cyber],
            Self::Claims => &[Line::NewCriminal, Line::NewCivil, Line::NewAdministrative],
        }
    }

    /// Its letter, in lower case as JSON has it.
    pub fn id(self) -> &'static str {
        match self {
            Self::People => "a",
            Self::Information => "b",
            Self::Claims => "c",
        }
    }
}
