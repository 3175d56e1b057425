//! The words of fingerprints.

/// The words of fingerprints, one for each byte.
pub static WORDS: [&str; 256] = [
    "acorn", "amber", "anchor", "apple", "apron", "arrow", "aspen", "atlas", "autumn", "bacon", "badge", "bagel",
    "bamboo", "banjo", "barley", "basil", "basket", "beach", "beacon", "bean", "bell", "berry", "birch", "bison",
    "blanket", "bloom", "boat", "bonnet", "book", "bottle", "branch", "brass", "bread", "breeze", "brick", "bridge",
    "broom", "brush", "bucket", "butter", "button", "cabin", "cable", "cactus", "camel", "camera", "canal", "candle",
    "canoe", "canvas", "cargo", "carpet", "carrot", "castle", "cedar", "cello", "chain", "chalk", "cherry", "chess",
    "cinder", "circle", "clay", "clover", "coach", "cobalt", "cocoa", "coffee", "comet", "copper", "coral", "cotton",
    "cradle", "crane", "crayon", "cricket", "crown", "crystal", "cup", "daisy", "dance", "dawn", "deer", "delta",
    "denim", "desert", "diamond", "dolphin", "donkey", "dove", "dragon", "drum", "duck", "dune", "eagle", "earth",
    "easel", "echo", "elbow", "elm", "ember", "engine", "fabric", "falcon", "farm", "feather", "fern", "ferry",
    "fiddle", "field", "fig", "finch", "flag", "flame", "flute", "forest", "fossil", "fountain", "fox", "frost",
    "galaxy", "garden", "garlic", "gate", "ginger", "glacier", "glove", "goat", "gold", "grape", "grass", "gravel",
    "guitar", "hammer", "harbor", "harp", "hazel", "helmet", "heron", "honey", "horse", "igloo", "indigo", "ink",
    "iris", "island", "ivory", "ivy", "jacket", "jade", "jasmine", "jelly", "jewel", "jungle", "kettle", "kite",
    "kiwi", "ladder", "lagoon", "lake", "lamp", "lantern", "lemon", "lily", "linen", "lion", "lotus", "magnet",
    "mango", "maple", "marble", "meadow", "melon", "mint", "mirror", "monsoon", "moon", "moss", "mountain", "napkin",
    "nectar", "needle", "nest", "nickel", "nutmeg", "oak", "oasis", "ocean", "olive", "onion", "orange", "orchid",
    "otter", "owl", "paddle", "palm", "panda", "paper", "parrot", "peach", "pearl", "pebble", "pelican", "pepper",
    "piano", "pigeon", "pillow", "pine", "planet", "plum", "pocket", "pond", "potato", "prairie", "pumpkin", "quartz",
    "quill", "quilt", "rabbit", "radish", "rain", "raven", "reef", "ribbon", "rice", "river", "robin", "rocket",
    "rose", "ruby", "saddle", "saffron", "sail", "salmon", "sandal", "satin", "scarf", "shadow", "shell", "silk",
    "silver", "sparrow", "spice", "spoon", "spring", "star", "stone", "storm", "straw", "sugar", "summer", "sunset",
    "swan", "table", "tailor", "teapot",
];
