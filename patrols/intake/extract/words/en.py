"""English."""

PHRASES: dict[str, str] = {
    # The patrol
    "patrol": "patrol, patrolled, patrolling, corpat, co-ordinated patrol",
    "patrols": "patrols, patrolling missions, patrol missions",
    "convoy": """
        convoy, column, drive, tour, mission, run, voyage, sortie, motorcade, flight, outing,
        flotilla, group, vehicles, boats, ships, two sides, two armies, two forces, both sides, both
        armies, armoured column, armored column
    """,
    "outing": "convoy, drive, tour, mission, run, flight, outing, voyage, sortie, column",
    "joint": """
        joint, jointly, combined, coordinated, co-ordinated, together, multilateral, trilateral,
        bilateral, shared, synchronised, synchronized, side by side
    """,
    "source": """
        ministry, defence ministry, defense ministry, mod, foreign ministry, spokesman, spokeswoman,
        spokesperson, centre for reconciliation, center for reconciliation, reconciliation center,
        reconciliation centre, officials, official, sources, source, minister, president, embassy,
        media, news agency, state news agency, statement, officer, officers said, flag, flags,
        border with, account, by its count, count, diplomat, general staff said, leaders,
        presidents, offensive, invasion, counterpart, military said, army said, forces said, side
        said, troops said, command said
    """,
    "ministry": """
        ministry, ministries, mod, defence ministry, defense ministry, reconciliation centre,
        reconciliation center, center for reconciliation, centre for reconciliation
    """,
    "own": "our, our side",
    "military_police": "military police, military policemen",
    # What became of it
    "completed": """
        carried out, carried through, conducted, completed, finished, concluded, wrapped up, took place,
        taken place, performed, executed, made its way, drove, driven, covered, returned, came back,
        went back, came to an end, ended, toured, ran, have run, has run, running a new, running a
        joint, sailed, flew, flown, have patrolled, has patrolled, patrolled, roamed, went out together,
        made the, was made, staged, ran a, were out, passed through, combed, travelled, traveled, made
        a, undertook, made, went ahead, wound up, accomplished, rolled, crossed, has covered, went,
        done, reached the end, tied up, docked, followed on, was held, were held, held a, held their,
        held its, held the, held on, been held, held in, held along, held another, held near, held
        yesterday, held today, have held, has held, held between, held by, held under, joined in,
        passes, passed, took part in (the/a) joint, participated in (the/a) joint
    """,
    "returned": """
        returned, came back, went back, drove back, come back, finished, completed, concluded, came
        to an end, ended, wrapped up, to the end, reached the end, has ended, turned round, has
        returned, returned to base, wound up, tied up, before returning, before going back, then
        returned, going back, returning to, is over, was over, successfully completed, carried on to
        the end
    """,
    "started": """
        began, begun, started, set out, setting out, set off, kicked off, got under way, got
        underway, is under way, are under way, is underway, under way, underway, launched,
        commenced, moved out, has left, have left, left, departed, is heading, are heading, is
        moving, are moving, is taking place, are taking part, is being conducted, is being held, are
        conducting, are carrying out, is to drive, are to drive, is on its way, begins, begin,
        starts, start, set sail, is due to return, is continuing, are patrolling, launch, launches,
        is in progress, will run until, put to sea, embarked
    """,
    "not_started": "began work, started work, begun work, began operating",
    "suspended": """
        broke off, broken off, cut short, was halted, been halted, had been halted, was interrupted,
        interrupted, turned back, turned around, called off halfway, abandoned, aborted, forced to
        return, forced to turn, forced back, stopped halfway, turned round after, gave up, failed to
        complete, unable to complete, could not complete, could not continue, did not complete, was
        stopped, were stopped, break off, ended early, ended prematurely, curtailed, retreated,
        stops first, halts, shortened, never got past, discontinued, was called off halfway, called
        off midway
    """,
    "cancelled": """
        cancelled, canceled, called off, did not take place, did not go ahead, not take place,
        scrapped, postponed, put off, failed to appear, failed to turn up, failed to show up, did
        not turn up, did not show up, did not appear, did not arrive, failed to arrive, stayed away,
        no-show, not held, did not come, refused to take part, refused to join, would not come out,
        did not join, failed to join, fell through, stood up, was dropped, waiting in vain, waited
        in vain, waiting for the turkish
    """,
    "seen": """
        monitored, have monitored, has monitored, observed, spotted, documented, witnessed, saw, seen, sighted
    """,
    "announced": """
        will hold, will start, will begin, will conduct, will carry out, will be held, will take
        place, will patrol, are to hold, are to start, is to start, is planned, planned for, are
        planned, plan to, to start, to begin, to hold, to conduct, are due to, is due to, is
        scheduled, are scheduled, scheduled to, scheduled for, is expected to start, will launch,
        will set out, would start, would begin, would hold, is set to, are set to, to stage, to
        carry out, will sail, to launch, will run, intend to, due to begin, due to start, to patrol
    """,
    # Its number
    "scoped": """
        alone, this week, this month, this year, of the week, of the month, of the year, since the
        beginning of the year, in a week, in a month, so far this, in the same week, in the space of
    """,
    "small_area": """
        canton, district, town, city, countryside, village, to be conducted in, to be held in, rural
    """,
    "of_kind": """
        of its kind, of the kind, of this kind, on the road, in the series, of their kind, such
        patrol, by its count, so far, overall, since, in the area, in the region, in the district,
        along the border, around the city
    """,
    "not_patrol": """
        time, day, week, month, year, country, countries, party, round, anniversary, phase, stage,
        army, vehicle, place, half, part, attempt, attack, briefing, vehicles, incident, attacks,
        soldier, kilometres, kilometers, aid, fleet
    """,
    # Other patrols, background, other subjects
    "back": """
        previous, previously, earlier, before that, last week, last month, last year, a week ago,
        ago, the week before, the day before, days before, weeks before, until now, up to now, so
        far, back then, at the time, at that time, on that occasion, that patrol, the earlier, the
        last one, preceding, had already, since then, in the beginning, from the start, initially,
        originally, previous one, prior, last time, once before, another patrol, a similar attack,
        similar incident, recall, recalled, background, the first two, the first three, the last
        patrol, the other patrol, over the past, in recent, recent, reminder, worth noting that on,
        had also, first such, in the past few, in past weeks, in the past
    """,
    "tense_back": "had been, had gone, had taken, had held, had covered, had driven, had carried",
    "same_day": """
        earlier today, moments ago, minutes ago, hours ago, a short while ago, a short time ago, earlier
        on the same day, earlier in the day, earlier this morning, so far today, the longest so far,
        longest so far, most serious so far, than any previous, than before, than any earlier, than any
        of the earlier, than usual, previous turning point, previous point, usual route
    """,
    "now": "but now, now however",
    "elsewhere": """
        meanwhile, elsewhere, in other news, in a separate, separately, in another development, in
        addition to that, on another note, on the humanitarian, over the same period, in the same
        period, during the day the centre, in the aegean, other news, related news, in a related,
        apart from the patrols, by contrast
    """,
    "deal": """
        memorandum, agreement, agreements, deal, accord, accords, truce, ceasefire, cease-fire,
        roadmap, road map, understanding, understandings, protocol, under it, under its terms, the
        terms, provided for, was to be, were to, stipulates, stipulated, roots in, memorandum of
        understanding, mechanism agreed, mechanism was, mechanism set, mechanism of, talks,
        offensive, invasion, operation peace, operation euphrates, operation olive, military
        operation, operation in, operation against, turkish operation, agreed in, agreed on, had
        agreed
    """,
    "habit": """
        usually, often, normally, as a rule, always, regularly, twice a week, once a week, every
        week, from time to time, now and then, sometimes, frequently, generally, weekly, routine,
        alternate, in turn, whenever, every time, each week, any more, most days
    """,
    "each_case": """
        in each case, on each occasion, each patrol, both patrols, every patrol, each time, both
        times, in both cases, on both occasions, each of them, each of the patrols, all of them, all
        patrols, in all cases, both of them, all three patrols
    """,
    "many": """
        two joint patrols, two patrols, three joint patrols, three patrols, four joint patrols, both
        patrols, two longer runs, pair of patrols, the following joint, the following patrols,
        following joint land patrols, two more patrols, patrols were carried out, two more joint,
        five joint patrols, six joint patrols, two convoys, two drives, two runs
    """,
    "one_of": """
        the first, the second, the third, the fourth, the first one, the second one, the first patrol, the
        second patrol, the third patrol, the other, the other one, one patrol, another patrol, another, one
    """,
    "another": """
        another, one more, a further, the next, a second, followed, next one, the other, latest, two
        days later, days later
    """,
    "solo": """
        on its own, alone, unilaterally, independently, by itself, on their own, by themselves,
        without the turkish, without turkish, without the russian, solo, separately from, without
        its partner, without their partners, own patrols, us patrol, independent
    """,
    # Strength
    "vehicle": """
        vehicle, vehicles, personnel carrier, personnel carriers, pieces of
        equipment, piece of equipment, pieces of military equipment, units of equipment, units of
        military equipment, units of hardware, pieces of hardware, pieces of military hardware,
        units of military hardware, armoured trucks, machines, ones,
        armour
    """,
    "vehicle_type": """
        humvee, humvees, kirpi, kirpis, tigr, tigrs, tiger, tigers, trucks, truck, typhoon, typhoons,
        btr*, kamaz, ural, pick-up, pick-ups, pickup, pickups, jeep, jeeps, suv, suvs, m-atv, m-atvs,
        vuran, ejder, cobra, cobras, land cruiser, land cruisers, mrap, mraps, apc, apcs, stryker,
        strykers, bradley, bradleys, lynx, armoured cars, armored cars
    """,
    "vehicle_two": "",
    "ship": """
        ships, ship, vessels, vessel, boats, warships, bombers, bomber, frigates, cutters, warship,
        patrol boats, aircraft, planes, helicopters
    """,
    "ship_type": """
        tu-95*, tu-142*, tu-160*, tu-22*, h-6*, h-6k*, b-52*, b-1b*, su-30*, su-35*, j-16*, f-15*, f-16*,
        destroyer, destroyers, corvette, corvettes, tanker, tankers,
        frigate, cruiser, cruisers, submarine, submarines, supply ship, supply ships
    """,
    "personnel": """
        servicemen, service members, servicemembers, soldiers, troops, personnel, military
        personnel, officers, military policemen, policemen, men, people, military men, crew, crew
        members, marines, serviceman, sailors, border guards, law enforcers, law enforcement
        officers, service personnel, members
    """,
    "each_side": """
        from each side, from each, on each side, each side, from each army, from each country, from
        each party, each, from either side, for each side, from both sides each, from each of the
        two, by each side, per side, apiece, of each, from each partner, from each force, from each
        military, each country, each army
    """,
    "in_all": "in all, in total, altogether, all told",
    "one_from_each": "one from each, one each",
    "both_sides": """
        from both sides, both sides, of both, from the two, of the two, from both, for both, in all,
        in total, altogether, total
    """,
    "same_for": """
        as many, the same number of, an equal number of, a similar number of, the same number from, an equal
        number from
    """,
    "half": "half of them, half of which, half being, half were, half of the vehicles",
    "evenly": "split evenly, equally split, in equal numbers, equal numbers, divided equally",
    "damaged": """
        damaged, was hit, were hit, destroyed, wounded, injured, killed, hurt, burned, burnt,
        torched, blew up, disabled, casualties, dead, died, martyred, broke down, broken-down,
        intercepted, shadowed, detained, arrested, stranded
    """,
    "about": """
        about, around, some, approximately, nearly, almost, roughly, close to, circa, an estimated,
        or so
    """,
    "over": """
        more than, over, at least, upwards of, in excess of, exceeded, exceeding, above, no fewer
        than, no less than
    """,
    "under": "less than, fewer than, under, up to, at most, just under, no more than",
    # Distances and times
    "strip": "strip, corridor, buffer, buffer zone, belt, safe zone, security zone",
    "km": "km, kms, kilometre, kilometres, kilometer, kilometers, kilometre-long, k",
    "km_two": "",
    "mile": "mile, miles, mi",
    "nautical": "nautical mile, nautical miles, nm, nmi, sea miles",
    "metre": "metre, metres, meter, meters",
    "hour": "hour, hours, hrs, hr",
    "hour_two": "",
    "half_hour": "and a half hours, half an hour",
    "minute": "minute, minutes, min, mins",
    "length": """
        covered, covers, covering, cover, route, routes, long, length, drove, drive, driven,
        distance, travelled, traveled, travelling, travel, sail, drives,
        cover about, run, stretch, went, sailed, total of, ran, along,
        path, made, patrolled, crossed, journey, road, track, toured, trip, kilometre-long,
        kilometer-long, traversed, passed, advanced, reached, itinerary, moved, gone, driving, flew,
        flown
    """,
    "depth": """
        depth, deep, into syrian territory, inside syria, into syria, inward, inland, from the
        border line, into the country, in depth
    """,
    "width": """
        wide, width, broad, either side, each side of, on both sides of, north and, buffer,
        corridor, strip, zone, side of
    """,
    "away": """
        from, north of, south of, east of, west of, northwest of, north-west of, northeast of,
        north-east of, southwest of, south-west of, southeast of, south-east of, to the north, to
        the south, to the east, to the west, outside, away, short of, off, further east, further
        west, downstream, upstream, north, south, east, west, northwest, northeast, southeast,
        southwest, inside turkey, distant, southward, from the centre
    """,
    "lasted": """
        lasted, took, lasting, spent, in, for, within, hours long, -hour, duration, after, over,
        taking, hour, drive, ran, continued, last, take, completed in, expected to last, about, the
        whole
    """,
    # In the air
    "uav": "drone, drones, uav, uavs, unmanned, orlan*, bayraktar*, eleron*, forpost, remotely piloted",
    "helicopter": """
        helicopter, helicopters, choppers, mi-8, mi-24, mi-35, mi-28, ka-52, gunship, gunships,
        gunship helicopters, rotorcraft, aw109, aw159, mi-8*, helicopter gunships
    """,
    "aircraft": """
        warplane, warplanes, fighter jets, jets, fighter aircraft, air elements, air assets, air
        units, reconnaissance aircraft, patrol plane, patrol aircraft, maritime patrol aircraft,
        plane, surveillance aircraft, air force aircraft, air support, airplanes, dornier, p-8a,
        p-8i, su-30*, su-35*, j-11*, military aircraft, land and air, ground and air, aerial
        elements, maritime aircraft, russian aircraft, a-50, early warning aircraft, fighter escort,
        escorted by fighters, fighters escorted, fighters provided, fighters covered, fighter planes
    """,
    "not_air": """
        flown to, evacuated, taken by, intercepted, intercept, scrambled, shadowed, met near,
        warning shots, tracked, transported, carried to, search and rescue, exercise, air strikes,
        airstrikes, air strike, flown out, were met, monitored by japan*, crashed, exchange of,
        ministry said fighters, drone strike, air raid, killed, shot down, drone attack
    """,
    # Incidents
    "casualty": """
        killed, wounded, injured, died, was hurt, were hurt, hurt, casualties, martyred, concussed,
        concussion*, run over, injuries, loss of life, lost his life, lost her life, lost their
        lives, ran over, injuring, wounding, killing, wounds, bruises, shell shock, fatally,
        hospitalised, hospitalized, taken to hospital, left dead, dead and, found dead, one dead,
        shot dead, people dead, two dead, three dead, dead in
    """,
    "unhurt": """
        no casualties, nobody was hurt, nobody had been hurt, no one was hurt, nobody was injured,
        no one was injured, no injuries, without hurting, unhurt, none of ... harmed, no personnel,
        nobody hurt, without casualties, no one hurt, no loss, no ... were hurt, not wounded, no one
        had been hurt, not injured, uninjured, unharmed, denied that, without injur*, nobody was
        wounded, no one was wounded, no one was killed, no ... was hurt, no ... was injured, no ...
        were injured, no ... wounded, no ... injured, no ... casualties, nobody was harmed, no
        soldiers were, no soldier was, not hurt, not harmed, no ... harmed, no ... hurt, no ...
        killed, nobody had been, caused no, causing no
    """,
    "ied": """
        roadside bomb, roadside bombs, ied, ieds, improvised explosive, explosive device, explosive,
        landmine, land mine, mine, blast, explosion, car bomb, bomb, exploded, detonated, went off,
        booby-trapped, mines, device
    """,
    "not_ied": """
        mines from, clearing mines, mine clearance, cleared mines, demining, mine clearing, stun,
        tear gas, tear-gas, sound bombs, mines and, cleared
    """,
    "attack": """
        attack, attacked, attacks, came under attack, came under fire, under fire, shots, shot at,
        rocket-propelled, rpg, rockets, rocket, shelled, mortar, petrol bombs, petrol bomb, molotov,
        molotovs, firebombs, ambush, ambushed, sniper, gunfire, opened fire, set on fire, grenade
        launcher, anti-tank, missile, shelling, targeted, incendiary, shell, drone strike,
        machine-gun, shooting, gunmen, were fired at
    """,
    "not_attack": """
        tear gas was fired, fired tear gas, tear gas fired, gas grenades, warning shots, tear gas,
        signal rockets, attack by the, fired into the air, attack helicopter, attack helicopters, threat
        of attack, threatened to attack, attacks by militants, sound grenades, flares, missile-carrying,
        missile carrier, missile carriers, missile corvette, missile frigate, guided missile, missile
        destroyer, days after, weeks after, day after, week after, months after
    """,
    "blocked": """
        blocked, blocking, blockade, sat down on, road closed, closed the road, closing the road,
        cut the road, cut off the road, barricade*, prevented, sit-in stops, stopped the, blocked
        the, prevented from, barred, burning tyres, burning tires, tyres alight, tires alight, earth
        mounds, dug up, berms, obstruct*, turned back by, halted by, carriageway closed, in the way,
        stood in the way, tyres across, tires across, roadblock, road block, barrier, to stop the
        convoy, to stop a, piled
    """,
    "stones": """
        stones, stone, eggs, rocks, shoes, pelted, pelting, hurled, tomatoes, vegetables, bottles,
        stoned, rubbish, stone-throwing, stone-throwers, paint
    """,
    "protest": """
        protest, protested, protesters, protesting, protests, demonstrators, demonstrated,
        demonstration, demonstrations, sit-in, tear gas, tear-gas, crowd, chanted, rally, rallied,
        slogans, jeered, booed, angry residents, anger, protestors, denounced, picket
    """,
    "mishap": """
        intercepted, broke down, broken-down, stuck, bogged, failed to appear, did not turn up,
        failed to turn up, provocations, provocation, beat, beaten, overturned, accident, collided,
        collision, caught fire, did not arrive, failed to show up, did not show up, no-show, stayed
        away, assaulted, skidded, shadowed, boycotted, equipment failure, security concerns,
        security reasons, turned over, did not appear, failed to arrive, breakdown, technical fault,
        technical failure, rolled over, followed by ... fighters, scuffle*, scuffles, argument,
        traffic accident, crashed into, dispute, tailed, foreign fighters, did not come, refused to
        take part, would not come, drifted, ran aground, gone aground, engine failure, called off,
        scrambled
    """,
    "quiet": """
        without incident, without incidents, no incident, no incidents, no incident was,
        incident-free, passed off peacefully, passed peacefully, passed quietly, no violations, no
        disturbances, no trouble, without any incident, without any incidents, no emergencies,
        without trouble, passed off quietly, no provocations, without any trouble, in a calm
        atmosphere, uneventful, uneventfully, calmly, nothing happened, no problems, without
        problems, routine conditions, passed off without, in normal mode, as normal, no untoward,
        nothing untoward, no disruption, without disruption, smoothly, no protest*, passed without
        trouble, passed without problems
    """,
    # Claims and events
    "carried_out": """
        carried out, conducted, held, taken place, took place, completed, performed, gone out,
        patrols since, patrols between, made, driven, patrolled, run, recorded, counted, documented,
        tally, number of, brings, bringing, brought, total, took part, organised, organized, done,
        flown, staged, so far, logged, have been, had been, undertaken, executed, accomplished,
        sailed, totalled, joined, stands at, mounted, registered, kept count, reached, toured, taken
        part
    """,
    "since": """
        since, as of, from, starting from, beginning in, start of, between, ever since, launched in,
        in, during
    """,
    "so_far": "so far, to date, until now, up to now, in total, overall, in all, altogether, by now",
    "suspend": """
        suspended, halted, suspension, stopped, put on hold, on hold, paused, interrupted, frozen,
        suspends, suspend, discontinued, pause, broken off, halt, freeze, ceased, break
    """,
    "resume": """
        resumed, resume, resumption, restarted, restart, resumes, started again, began again,
        relaunched, together again, returned to, renewed, again together, back on
    """,
    "conditional": """
        resumption of ... depends, not resume, until, if, could, may, might, would resume, will
        resume when, unless, no date, depends on, hopes, called for, hinge*, not affect, did not
        affect, expected to resume, can resume, when they would, talks on, conditional, demand*, no
        suspension
    """,
    "home": """
        turkish territory, turkish territories, back to turkey, back into turkey, crossed into turkey, their
        base, its base, their bases, their position, their positions, their headquarters, its headquarters,
        their barracks
    """,
    # Places
    "way": "followed the route, the route ran, the route went, the route was, the route of, along the route",
    "village": """
        village of, the village of, town of, the town of, settlement of, the settlement of, hamlet
        of, city of, the city of, village, populated locality of, populated area of, locality of,
        port of, settlement, community of, locality
    """,
    "villages": """
        villages of, settlements of, towns of, villages, settlements, localities of, the localities,
        localities, hamlets of, villages and towns of, towns and villages of, villages like
    """,
    "from": """
        from, left, leaving, departed, set off from, started in, started at, set out from, set off,
        start at, starting in, starting at, gathered at, gathered in, met at, assembled at,
        assembled in, met in, began at, began in, meeting point, starting point, met near, gathered
        near, departing, joined at, beginning at, out of, quit, rendezvous, started and finished at,
        started and ended at, starts and ends at
    """,
    "to": """
        to, towards, toward, as far as, making for, bound for, heading for, finish at, ended in,
        ended at, ending at, ending in, end at, finishing at, finishing in, direction of, in the
        direction of, back to, onwards to, on to, finished at, finished in, concluded at, end in,
        all the way to, terminated at
    """,
    "via": """
        through, via, by way of, passed, passing, visited, toured, crossing, crossed, roamed, drove
        through, went through, along the route, route, namely, visiting, calling at, touring, took
        in, which are, stops, skirted, taking in, patrolled, combed, inspected, as follows, sailed,
        drove past, went past, including the villages
    """,
    "reached": """
        reached, reaching, arrived at, arrived in, arriving at, got as far as, made it to, advanced
        to, went as far as, entered, drove to, only as far as, got only as far as, came as far as,
        short of
    """,
    "near": """
        near, in, at, outside, close to, around, by, next to, on the edge of, entrance to, off, in
        the vicinity of, on the outskirts of, over, bridge at
    """,
    "between": "between",
    "area": """
        area, region, district, sector, zone, countryside, rural, outskirts, canton, axis,
        sub-district, hinterland, vicinity, subdistrict, section
    """,
    "direction": """
        west of, east of, north of, south of, northwest of, north-west of, northeast of, north-east
        of, southwest of, south-west of, southeast of, south-east of, miles from, km from,
        kilometres from, kilometers from, distance from, away from, close to, not far from,
        opposite, downstream of, west from, east from, near the town of, near the city of, across
        from, base in, base at, airbase at, airport, near the border town of
    """,
    "province": "province, governorate, provinces, governorates, muhafazah, highway, motorway, road to",
    # Dates
    "today": "today, this morning, this afternoon, this evening, tonight",
    "yesterday": "yesterday",
    "tomorrow": "tomorrow",
    "last": "last, past, previous",
    "next": "next, coming, following",
    "said": """
        said, announced, reported, told, statement, says, according, added, stated, confirmed,
        tweeted, posted, briefing, reports
    """,
    "this_month": "of this month, this month, of the month, of the current month, current month",
    "month_before": "in, since, until, of, early, late, mid, from, to, last, between, and, during, by",
    "early": "early, beginning of, start of",
    "mid": "mid, middle of",
    "late": "late, end of",
}

SIDES: dict[str, str] = {
    "RU": "russia, russian, russians, moscow",
    "TR": "turkey, turkish, turks, türkiye, turkiye, turk, ankara, türkish",
    "US": "united states, us, u.s, usa, american, americans, america, washington",
    "CN": "china, chinese, beijing",
    "LA": "laos, lao, laotian",
    "MM": "myanmar, burma, burmese",
    "TH": "thailand, thai",
    "VN": "vietnam, vietnamese",
    "PH": "philippines, philippine, filipino",
    "AU": "australia, australian",
    "JP": "japan, japanese",
    "IN": "india, indian",
    "ID": "indonesia, indonesian",
    "MY": "malaysia, malaysian",
    "SG": "singapore, singaporean",
    "BD": "bangladesh, bangladeshi",
    "GB": "britain, british, uk, united kingdom",
    "FR": "france, french",
    "CA": "canada, canadian",
    "KR": "south korea, south korean",
    "RS": "serbia, serbian",
    "LB": "lebanon, lebanese",
    "IR": "iran, iranian",
    "RO": "romania, romanian",
    "UA": "ukraine, ukrainian",
    "PL": "poland, polish",
    "DE": "germany, german",
    "IT": "italy, italian",
    "GR": "greece, greek",
    "BG": "bulgaria, bulgarian",
    "SA": "saudi arabia, saudi",
    "PK": "pakistan, pakistani",
    "OM": "oman, omani",
    "NZ": "new zealand",
    "LK": "sri lanka, sri lankan",
    "KH": "cambodia, cambodian",
    "KZ": "kazakhstan, kazakh",
    "BY": "belarus, belarusian",
    "MV": "maldives, maldivian",
    "BN": "brunei",
    "NL": "netherlands, dutch",
    "NO": "norway, norwegian",
    "SE": "sweden, swedish",
    "FI": "finland, finnish",
    "EG": "egypt, egyptian",
    "IQ": "iraq, iraqi",
    "AZ": "azerbaijan, azerbaijani",
    "GE": "georgia, georgian",
    "KG": "kyrgyzstan, kyrgyz",
    "TJ": "tajikistan, tajik",
    "UZ": "uzbekistan, uzbek",
    "MN": "mongolia, mongolian",
    "TL": "timor-leste",
    "HU": "hungary, hungarian",
    "SK": "slovakia, slovak",
    "XK": "kosovo police",
}

CARDINALS: dict[float, str] = {
    1: "one",
    2: "two, couple",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    11: "eleven",
    12: "twelve, dozen",
    13: "thirteen",
    14: "fourteen",
    15: "fifteen",
    16: "sixteen",
    17: "seventeen",
    18: "eighteen",
    19: "nineteen",
    20: "twenty",
    30: "thirty",
    40: "forty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
    100: "hundred",
    1000: "thousand",
}

ORDINALS: dict[int, str] = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    6: "sixth",
    7: "seventh",
    8: "eighth",
    9: "ninth",
    10: "tenth",
    11: "eleventh",
    12: "twelfth",
    13: "thirteenth",
    14: "fourteenth",
    15: "fifteenth",
    16: "sixteenth",
    17: "seventeenth",
    18: "eighteenth",
    19: "nineteenth",
    20: "twentieth",
    30: "thirtieth",
    40: "fortieth",
    50: "fiftieth",
    60: "sixtieth",
    70: "seventieth",
    80: "eightieth",
    90: "ninetieth",
    100: "hundredth",
}

EACH: dict[int, str] = {}

MONTHS: dict[int, str] = {
    1: "january, jan",
    2: "february, feb",
    3: "march, mar",
    4: "april, apr",
    5: "may",
    6: "june, jun",
    7: "july, jul",
    8: "august, aug",
    9: "september, sep, sept",
    10: "october, oct",
    11: "november, nov",
    12: "december, dec",
}

WEEKDAYS: dict[int, str] = {
    0: "monday, mon",
    1: "tuesday, tue, tues",
    2: "wednesday, wed",
    3: "thursday, thu, thurs",
    4: "friday, fri",
    5: "saturday, sat",
    6: "sunday, sun",
}

NOT_PLACES = """
    national, the, a, an, it, its, he, she, they, we, you, i, this, that, these, those, there, here,
    what, who, which, when, where, how, why, in, on, at, of, to, from, for, by, with, about, as, into,
    through, after, before, under, over, up, down, and, or, but, not, no, so, then, once, during, along,
    near, between, according, both, each, every, some, many, most, all, joint, patrol, patrols,
    military, police, army, forces, armed, defence, defense, ministry, general, centre, center,
    reconciliation, syria, syrian, syria's, euphrates, kurdish, kurds, ypg, pkk, sdf, asayish, isis,
    nato, eu, un, sochi, moscow, ankara, kremlin, operation, peace, spring, shield, olive, branch,
    telegram, twitter, facebook, reuters, tass, sputnik, interfax, anadolu, north press, anha, sohr,
    orlan, tigr, tiger, typhoon, btr, kirpi, mrap, apc, uav, drone, ka, mi, su, pars, governorate,
    province, countryside, north, south, east, west, northern, southern, eastern, western, northeast,
    northwest, southeast, southwest, border, zone, area, region, river, highway, motorway, road, route,
    village, villages, town, city, crossing, m4, m5, putin, erdogan, president, minister, observatory,
    activists, sources, islamic state, kurdistan, coalition, middle, military council, internal,
    security, local, residents, demonstrators, protesters, videos, footage, length, depth, eight, seven,
    six, five, four, three, two, one, ten, nine, dozen, white house, pentagon, units, elements, troops,
    soldiers, vehicles, land, air, ground, as-of, reconnaissance, two-hour, idlib governorate, black
    sea, washington, hts, arab, army's, spring's, bashar, assad, al-assad, democratic, self-defense,
    mashreq, jazira, jazeera, euphrates', am, pm, gmt, utc, local time, moscow time
"""
"""Words that begin no place name, however they stand."""
